//! The entities against the schema: neither knows the other, so this does.

use std::collections::BTreeSet;

use sea_orm::{EntityTrait, IdenStatic, Iterable};
use testkit::{Kit, each};

async fn columns(kit: &Kit, table: &str) -> BTreeSet<String> {
    let query = match kit.database.name {
        "sqlite" => format!("SELECT name FROM pragma_table_info('{table}')"),
        _ => format!(
            "SELECT column_name::text AS name FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
    };
    let rows = kit.database.rows(&query).await;
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

/// Compares one entity with its table, reads a row through it where there is one, and returns the table's name.
async fn check<E: EntityTrait>(kit: &Kit) -> String
where
    E::Model: Sync,
{
    let table = E::default().table_name().to_owned();
    let known: BTreeSet<_> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    assert_eq!(known, columns(kit, &table).await, "{table}");
    E::find().one(kit.database.database.writer()).await.unwrap();
    table
}

macro_rules! check_all {
    ($kit:expr, $($entity:ident),+ $(,)?) => {
        vec![$(check::<entity::$entity::Entity>($kit).await),+]
    };
}

/// Every table has an entity with exactly its columns, and every entity reads what is stored.
#[tokio::test]
async fn entities_are_what_the_tables_are() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let tagged = domain::flags::CreateFlag { tags: vec!["web".into()], ..workspace.boolean_flag("menu") };
        kit.services.flags().create(&workspace.developer, tagged).await.unwrap();
        workspace.api_key("dev", domain::api_keys::KeyKind::Server).await;
        let mut checked = check_all!(
            &kit,
            account_link,
            answered_request,
            api_key,
            audit_chain,
            audit_event,
            audit_person,
            context_attribute,
            environment,
            environment_document,
            environment_revision,
            flag,
            flag_configuration,
            flag_tag,
            flag_use,
            identity,
            instance,
            invitation,
            member,
            narrowed_role,
            organization,
            password,
            personal_token,
            project,
            segment,
            segment_configuration,
            session,
            sign_in,
            sign_in_attempt,
            stream_count,
            template,
            tombstone,
            usage_hour,
            usage_month,
            user_account,
        );
        checked.push("seaql_migrations".to_owned());
        checked.sort();
        assert_eq!(checked, kit.database.tables().await);
    })
    .await;
}
