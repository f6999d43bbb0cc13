//! What a provider says of a person.

/// A person as a provider knows them.
///
/// Its key is the issuer together with the subject, and nothing else: e-mail addresses change hands, and providers differ
/// in what they ask before they show one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// Who says so: the configured issuer; for GitHub the address of its site.
    pub issuer: String,
    /// The person's name at the issuer, which is never given to anybody else.
    pub subject: String,
    /// The e-mail address, where the provider shows one. Of GitHub only the primary address, and only when verified.
    pub email: Option<String>,
    /// Whether the provider has verified that the address is theirs. False without an address.
    pub email_verified: bool,
    /// What they are called.
    pub name: Option<String>,
}

/// The text without space around it; none where nothing is left.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
