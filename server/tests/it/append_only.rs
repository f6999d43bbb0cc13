//! Nothing that the program does changes or deletes an entry of the audit log: its sources have no way to.
//!
//! The chain tells whoever looks that somebody did it behind the program's back; this keeps the program from doing it.

use crate::workspace::{root, sources};

/// The tables of the log.
const TABLES: [&str; 3] = ["audit_event", "audit_chain", "audit_person"];

/// What is changed or deleted nevertheless: where, exactly what, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "service/src/audit/chain.rs",
        "let mut head = self.0.clone().into_active_model(); head.seq = Set(self.0.seq); \
         head.hash = Set(self.0.hash.clone()); head.update(tx).await?;",
        "the chain's head moves on to the entry that was appended",
    ),
    (
        "service/src/audit/chain.rs",
        "audit_event::Entity::insert_many(events).exec_without_returning(tx)",
        "entries are appended, many at a time",
    ),
    (
        "service/src/audit/chain.rs",
        "audit_person::Entity::insert_many(people).exec_without_returning(tx)",
        "what lies beside them is, too",
    ),
    (
        "service/src/accounts/privacy.rs",
        "audit_person::Entity::delete_many() .filter(audit_person::Column::OrgId.eq(OrgId::INSTANCE)) \
         .filter(audit_person::Column::Seq.in_subquery(old))",
        "what lies beside failed sign-ins of long ago is erased",
    ),
    (
        "service/src/accounts/privacy.rs",
        "audit_person::Entity::delete_many().filter(of_person(person))",
        "what lies beside the log about a person is erased with their account",
    ),
    (
        "service/src/accounts/privacy.rs",
        "audit_event::Entity::update_many() \
         .col_expr(audit_event::Column::OldDocument, Expr::value(Option::<String>::None)) \
         .col_expr(audit_event::Column::NewDocument, Expr::value(Option::<String>::None)) \
         .filter(audit_event::Column::ResourceKind.eq(\"invitation\"))",
        "documents with a person's address are erased with their account; the chain covers them by their digests",
    ),
    (
        "service/src/orgs/delete.rs",
        "audit_chain::Entity::delete_by_id(org.id)",
        "an organization's log goes with it; an entry in the instance's log says that it was there",
    ),
];

/// What may stand behind a table's name: reading, appending, and naming it.
const HARMLESS: &[&str] = &[
    "::Entity::find()",
    "::Entity::find_by_id(",
    "::Entity::insert(",
    "::Entity)",
    "::Entity,",
    "::Entity>",
    "::Column::",
    "::Column)",
    "::Column|",
    "::Column,",
    "::Model",
    // Lists of what is imported.
    ",",
    "}",
    ";",
];

/// What no source of the crate that knows the tables may say: there is a way to say it that names the table.
const NOWHERE: &[&str] = &["Query::update(", "Query::delete(", "UpdateStatement", "DeleteStatement"];

/// What sources that name a table of the log may not say: it changes the row that it is said of, whichever that is.
const NOT_BESIDE: &[&str] = &[".update(", ".save(", ".delete(", "ActiveModel{", "::ActiveModel"];

/// A source without its comments and spaces.
fn squeezed(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<String>().replace(' ', "")
}

/// What stands behind each mention of a table.
fn mentions<'t>(text: &'t str, table: &str) -> Vec<&'t str> {
    let is_inside = |letter: char| letter.is_alphanumeric() || letter == '_';
    let found = text.match_indices(table).map(|(place, _)| text.split_at(place));
    let found = found.map(|(before, rest)| (before, &rest[table.len()..]));
    found
        .filter(|(before, rest)| !before.ends_with(is_inside) && !rest.starts_with(is_inside))
        .map(|it| it.1)
        .collect()
}

/// What a source says that could change or delete an entry.
fn offences(text: &str) -> Vec<String> {
    let text: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    let all = squeezed(&text);
    let is_about = TABLES.iter().any(|table| !mentions(&text, table).is_empty());
    let mut found: Vec<String> = NOWHERE
        .iter()
        .chain(NOT_BESIDE.iter().filter(|_| is_about))
        .filter(|said| all.contains(**said))
        .map(|said| (*said).to_owned())
        .collect();
    for table in TABLES {
        for rest in mentions(&text, table) {
            let rest = squeezed(rest);
            if !HARMLESS.iter().any(|harmless| rest.starts_with(harmless)) {
                found.push(format!("{table}{}", rest.chars().take(60).collect::<String>()));
            }
        }
    }
    found
}

/// Takes out what stands somewhere exactly once, however its lines are broken.
fn without(text: &str, exception: &str) -> String {
    let wanted: Vec<char> = exception.chars().filter(|letter| !letter.is_whitespace()).collect();
    let letters: Vec<(usize, char)> =
        text.char_indices().filter(|(_, letter)| !letter.is_whitespace()).collect();
    let places: Vec<_> = letters
        .windows(wanted.len())
        .filter(|window| window.iter().map(|(_, letter)| letter).eq(&wanted))
        .map(|window| (window[0].0, window[window.len() - 1].0))
        .collect();
    let [(begin, end)] = places.as_slice() else { panic!("{} × {exception}", places.len()) };
    let last = text[*end..].chars().next().unwrap();
    format!("{}{}", &text[..*begin], &text[*end + last.len_utf8()..])
}

#[test]
fn the_program_only_appends_to_the_log() {
    let mut seen = 0;
    for source in sources(&root().join("service/src")) {
        let mut text = std::fs::read_to_string(&source).unwrap();
        seen += TABLES.iter().map(|table| mentions(&text, table).len()).sum::<usize>();
        let name = source.strip_prefix(root()).unwrap().to_str().unwrap();
        for (_, exception, _) in EXCEPTIONS.iter().filter(|(file, ..)| *file == name) {
            text = without(&text, exception);
        }
        let found = offences(&text);
        assert!(found.is_empty(), "{name} could change the audit log: {found:#?}");
    }
    assert!(seen > 50, "only {seen} mentions of the log");
    for (file, _, why) in EXCEPTIONS {
        assert!(root().join(file).is_file(), "{file}: {why}");
    }
}

/// The other crates do not know the tables, and steps of the schema leave what is in them alone.
#[test]
fn nobody_else_speaks_of_the_log() {
    for name in ["api", "app", "domain", "engine", "frontend", "identity", "mail", "outbound", "server"] {
        for source in sources(&root().join(name).join("src")) {
            let text = std::fs::read_to_string(&source).unwrap();
            for table in TABLES {
                assert!(mentions(&text, table).is_empty(), "{} speaks of {table}", source.display());
            }
        }
    }
    let mut seen = 0;
    for source in sources(&root().join("migration/src")) {
        let text = std::fs::read_to_string(&source).unwrap().to_lowercase();
        seen += TABLES.iter().filter(|table| text.contains(&format!("create table {table}"))).count();
        for table in TABLES {
            for change in
                ["update ", "delete from ", "insert into ", "replace into ", "truncate ", "truncate table "]
            {
                assert!(!text.contains(&format!("{change}{table}")), "{}: {change}{table}", source.display());
            }
        }
    }
    assert_eq!(seen, TABLES.len());
}

/// What is looked for is found, in each way in which it can be said.
#[test]
fn what_would_change_the_log_is_found() {
    for offence in [
        "audit_event::Entity::delete_many().exec(db).await?;",
        "audit_event::Entity::delete_by_id((org, 1)).exec(db).await?;",
        "audit_event::Entity\n    ::update_many()",
        "audit_event::Entity::update(row).exec(db)",
        "audit_event::Entity::insert_many(rows)",
        "audit_person::Entity::update_many()",
        "audit_chain::Entity::delete_many()",
        "let row = audit_event::ActiveModel { ..row };",
        concat!("use entity", "::audit_event::{ActiveModel, Entity};"),
        concat!("use entity", "::audit_event::*;"),
        concat!("use entity", "::audit_event as log;"),
        "db.execute_unprepared(\"UPDATE audit_event SET comment = NULL\")",
        "db.execute_unprepared(\"delete from audit_event\")",
        "Query::delete().from_table(audit_event::Entity)",
        "let row: audit_event::Model = row; row.into_active_model().update(db)",
        "let row: audit_event::Model = row; row.delete(db)",
        "let row: audit_event::Model = row; row.into_active_model()\n    .save(db)",
    ] {
        assert!(!offences(offence).is_empty(), "{offence}");
    }
    for fine in [
        "audit_event::Entity::find().filter(audit_event::Column::OrgId.eq(org)).all(db)",
        concat!("use entity", "::{audit_event, audit_person};"),
        "// audit_event::Entity::delete_many() is what nobody says",
        "flag::Entity::delete_many()",
        "row.update(tx)",
    ] {
        assert!(offences(fine).is_empty(), "{fine}: {:?}", offences(fine));
    }
    let text = "before a\n    .b(\n c ) after";
    assert_eq!(without(text, "a.b(c)"), "before  after");
}
