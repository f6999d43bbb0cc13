//! What the documentation says about roles is what the code does.

use domain::access::{Action, Needs, Reach, Role, allowed};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/ROLES.md");

const HEAD: &str = "# Who may do what

Everybody in an organization reads everything in it. What changes something takes a right; this table is printed from the
data in `domain::access`, which every change asks. Roles, from the least to the most: member, developer, admin, owner; each
may do what those before it may.

| Action | Who may | In a protected environment | Less where narrowed | With a token |
|---|---|---|---|---|
";

const FOOT: &str = "
A role can be narrowed in a project, which counts in all of its environments, or in one environment alone; the least of all
that is said counts. Owners may do everything everywhere.

Beyond the table: owners are invited, made, demoted and removed by owners alone, and at least one always remains. A token
may never do more than its person, decides nothing about owners, and one for reading changes nothing.
";

/// The least role that may do something, by the function that every change asks.
fn least(action: Action, protected: bool) -> Option<Role> {
    Role::ALL.into_iter().find(|role| allowed(*role, action, protected).is_ok())
}

fn who(action: Action) -> String {
    match (action.needs(), least(action, false)) {
        (Needs::Operator, None) => "the instance's operator".to_owned(),
        (Needs::Nothing, None) => "everybody".to_owned(),
        (Needs::Account, None) => "whoever is signed in".to_owned(),
        (Needs::Role(_), Some(Role::Owner)) => "owner".to_owned(),
        (Needs::Role(role), Some(least)) if role == least => format!("{} and above", role.as_str()),
        (needs, least) => unreachable!("{action:?} needs {needs:?}, and {least:?} may"),
    }
}

fn printed() -> String {
    let mut rows = String::new();
    for action in Action::ALL {
        let protected = match (least(action, false), least(action, true)) {
            (usual, protected) if usual == protected => "",
            (_, Some(role)) => &format!("{} and above", role.as_str()),
            (_, None) => "nobody",
        };
        let by_token = match (action.needs(), action.needs_presence()) {
            (_, true) => "no",
            (Needs::Operator | Needs::Nothing, _) => "",
            (Needs::Account | Needs::Role(_), false) => "yes",
        };
        let narrowed = match action.reach() {
            Reach::Organization => "",
            Reach::Project => "in the project",
            Reach::Environment => "in the project or environment",
        };
        let (what, who) = (action.describe(), who(action));
        rows += &format!("| {what} | {who} | {protected} | {narrowed} | {by_token} |\n");
    }
    format!("{HEAD}{rows}{FOOT}")
}

/// The table in the documentation is the one that the code goes by.
#[test]
fn the_documentation_says_what_the_code_does() {
    let printed = printed();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PATH, &printed).unwrap();
    }
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        written == printed,
        "docs/ROLES.md is not what domain::access says: run `UPDATE_DOCS=1 cargo test -p domain --test roles`"
    );
}

/// Each action is listed once and is called what no other is.
#[test]
fn each_action_has_a_name_of_its_own() {
    let mut names: Vec<_> = Action::ALL.iter().map(|action| action.describe()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Action::ALL.len());
}
