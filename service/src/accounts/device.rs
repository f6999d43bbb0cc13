//! What a browser is called in a list of sessions.

/// Browsers by what they say of themselves, in an order in which the first that occurs is right: most claim to be others
/// too.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// The most characters of the name of a program that is no known browser.
const LENGTH: usize = 40;

/// A name such as "Firefox on Linux"; for programs what they call themselves, such as "curl/8.5.0".
pub(super) fn name(user_agent: &str) -> String {
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => {
            let program = user_agent.split_whitespace().next().unwrap_or_default();
            let program: String =
                program.chars().filter(|letter| !letter.is_control()).take(LENGTH).collect();
            if program.is_empty() { "Unknown".to_owned() } else { program }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn browsers_and_programs_have_names() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let cases = [
            (format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} Chrome/120.0 Safari/537.36"), "Chrome on Linux"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64) {webkit} Chrome/120.0 Safari/537.36 Edg/120.0"), "Edge on Windows"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:120.0) Gecko/20100101 Firefox/120.0".into(), "Firefox on macOS"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1".into(), "Safari on iPhone"),
            ("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36".into(), "Chrome on Android"),
            ("curl/8.5.0".into(), "curl/8.5.0"),
            (String::new(), "Unknown"),
            ("\u{7}".into(), "Unknown"),
            ("x".repeat(300), &"x".repeat(40)),
        ];
        for (user_agent, expected) in cases {
            assert_eq!(name(&user_agent), expected, "{user_agent}");
        }
    }
}
