//! What all vendors have to represent: the rows, the context and the rules.

/// An on flag that serves a fixed true.
pub const BOOLEAN: &str = "boolean";
/// True for 25 % of the users, by the vendor's own hash of the user id.
pub const PERCENTAGE: &str = "percentage";
/// True if the plan is "pro".
pub const ONE_RULE: &str = "one-rule";
/// True if one of [`TEN`] matches, which the last one does.
pub const TEN_RULES: &str = "ten-rules";
/// True if the user is one of [`ids`].
pub const ID_LIST: &str = "10000-ids";
/// True if `appVersion >= 2.3.0` and the email matches [`EMAIL_PATTERN`].
pub const SEMVER_REGEX: &str = "semver-regex";
/// True if the flag [`PARENT`] is on and the user is in the segment [`SEGMENT`].
pub const PREREQUISITE: &str = "prerequisite-segment";

/// The rows in the order of the table.
pub const ALL: [&str; 7] = [BOOLEAN, PERCENTAGE, ONE_RULE, TEN_RULES, ID_LIST, SEMVER_REGEX, PREREQUISITE];

/// The flag that [`PREREQUISITE`] needs: on, a fixed true.
pub const PARENT: &str = "parent";
/// The segment that [`PREREQUISITE`] needs: the email ends with [`EMAIL_END`].
pub const SEGMENT: &str = "internal";
pub const EMAIL_END: &str = "@example.com";
/// The same as a pattern, for vendors whose operators include a regex but not "ends with".
pub const EMAIL_END_PATTERN: &str = r"@example\.com$";

pub const MIN_VERSION: &str = "2.3.0";
pub const EMAIL_PATTERN: &str = r"^[a-z.]+@example\.com$";

/// Stands wherever a vendor's hash takes a salt that its server would have made up.
pub const SALT: &str = "5alt";

/// The context's user.
pub const USER: &str = "user-4242";
/// Attributes that are strings.
pub type Strings = [(&'static str, &'static str); 4];
/// The context's.
pub const STRINGS: Strings =
    [("plan", "pro"), ("country", "DE"), ("appVersion", "2.4.1"), ("email", "jane.doe@example.com")];
pub const BETA: bool = true;
pub const AGE: u8 = 34;

/// The ten rules: the attributes of each must all equal its values. Only the last one matches the context; of the
/// sixteen conditions an evaluation that stops at the first failure looks at twelve.
pub const TEN: [&[(&str, &str)]; 10] = [
    &[("country", "US")],
    &[("country", "FR"), ("plan", "enterprise")],
    &[("plan", "free")],
    &[("country", "GB"), ("plan", "pro")],
    &[("appVersion", "2.3.9")],
    &[("country", "DE"), ("plan", "free")],
    &[("country", "ES"), ("appVersion", "2.4.1")],
    &[("plan", "enterprise")],
    &[("country", "IT"), ("appVersion", "1.0.0")],
    &[("country", "DE"), ("plan", "pro")],
];

/// The percentage by the second version of GrowthBook's hash.
pub const PERCENTAGE_2: &str = "percentage: hashVersion 2";

/// Rollouts by the algorithm's name in Togglebit, with the seed that makes them hash what the peer's row does.
pub const ROLLOUTS: [(&str, &str); 6] = [
    ("togglebit", PERCENTAGE),
    ("launchdarkly", "percentage.5alt"),
    ("unleash", PERCENTAGE),
    ("growthbook_v1", PERCENTAGE),
    ("growthbook_v2", PERCENTAGE),
    ("flagsmith_split", "1"),
];

/// `user-0` to `user-9999`.
pub fn ids() -> Vec<String> {
    (0..10_000).map(|n| format!("user-{n}")).collect()
}

/// The attributes as a JSON object with the user's id under a name.
pub fn json(id: &str, user: &str, strings: &Strings) -> serde_json::Value {
    let mut attributes = serde_json::json!({ id: user, "beta": BETA, "age": AGE });
    for (name, value) in strings {
        attributes[*name] = (*value).into();
    }
    attributes
}
