//! What a letter looks like, as text and as HTML.

use std::fmt::Write;

use url::Url;

/// What a letter says. Texts are plain; nothing in them was escaped.
#[derive(Clone)]
pub(crate) struct Letter {
    /// One line.
    pub(crate) subject: String,
    pub(crate) title: String,
    /// Before the link.
    pub(crate) lead: String,
    /// What the button says.
    pub(crate) action: &'static str,
    pub(crate) link: String,
    /// After the link, a paragraph each.
    pub(crate) notes: Vec<String>,
}

const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const PARAGRAPH: &str = "margin:0 0 16px;font-size:16px;line-height:24px";
const SMALL: &str = "margin:0 0 12px;font-size:14px;line-height:20px;color:#5b6072";

/// Programs that know dark mode take these colours; the others show the light ones, or turn them around by themselves.
const DARK: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}\
@media(prefers-color-scheme:dark){\
.page{background:#14161d!important;color:#eeeff3!important}\
.card{background:#1b1d26!important;border-color:#333646!important}\
.small{color:#a8acbb!important}\
.link{color:#a7a3ff!important}\
.button{background:#a7a3ff!important;color:#15142b!important}\
}";

impl Letter {
    /// The letter for programs and people who prefer text. Lines are as long as their paragraphs.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n\n{}\n\n{}\n", self.title, self.lead, self.link);
        for note in &self.notes {
            let _ = write!(text, "\n{note}\n");
        }
        let _ = write!(text, "\n-- \n{}\n", self.origin());
        text
    }

    /// The letter with a button. It loads nothing and runs nothing.
    pub(crate) fn html(&self) -> String {
        let (title, lead, action) = (escape(&self.title), escape(&self.lead), escape(self.action));
        let (link, origin) = (escape(&self.link), escape(&self.origin()));
        let notes: String = self
            .notes
            .iter()
            .map(|note| format!("<p class=\"small\" style=\"{SMALL}\">{}</p>\n", escape(note)))
            .collect();
        format!(
            "<!doctype html>\n\
             <html lang=\"en\">\n\
             <head>\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
             <title>{title}</title>\n\
             <style>{DARK}</style>\n\
             </head>\n\
             <body class=\"page\" style=\"margin:0;padding:0;background:#f8f8fb;color:#1b1d29;{FONT}\">\n\
             <table role=\"presentation\" class=\"page\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
             style=\"background:#f8f8fb\">\n\
             <tr><td align=\"center\" style=\"padding:32px 16px\">\n\
             <table role=\"presentation\" class=\"card\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
             style=\"max-width:560px;background:#ffffff;border:1px solid #e3e4ea;border-radius:12px;text-align:left\">\n\
             <tr><td style=\"padding:32px;{FONT}\">\n\
             <h1 style=\"margin:0 0 16px;font-size:22px;line-height:28px;font-weight:600\">{title}</h1>\n\
             <p style=\"{PARAGRAPH}\">{lead}</p>\n\
             <p style=\"margin:0 0 24px\"><a class=\"button\" href=\"{link}\" style=\"display:inline-block;\
             padding:12px 20px;border-radius:8px;background:#5345c9;color:#ffffff;font-size:16px;line-height:24px;\
             font-weight:600;text-decoration:none\">{action}</a></p>\n\
             <p class=\"small\" style=\"{SMALL}\">Or open this link:<br>\
             <a class=\"link\" href=\"{link}\" style=\"color:#5345c9;word-break:break-all\">{link}</a></p>\n\
             {notes}\
             </td></tr>\n\
             </table>\n\
             <p class=\"small\" style=\"{SMALL};padding-top:16px;{FONT}\">{origin}</p>\n\
             </td></tr>\n\
             </table>\n\
             </body>\n\
             </html>\n"
        )
    }

    /// Which Togglebit sends it: the one that the link leads to.
    fn origin(&self) -> String {
        match Url::parse(&self.link).ok().as_ref().and_then(Url::host_str) {
            Some(host) => format!("Sent automatically by Togglebit at {host}."),
            None => "Sent automatically by Togglebit.".to_owned(),
        }
    }
}

/// Text as it is written between tags and in quoted attributes.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(letter),
        }
    }
    html
}
