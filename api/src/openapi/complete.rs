//! What follows from an operation's path and body, and is said of all operations alike.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AnyOfBuilder, Object, Schema, Type};
use utoipa::openapi::{Content, HeaderBuilder, OpenApi, PathItem, Ref, RefOr, Required};
use utoipa::{IntoResponses, PartialSchema};

use super::{Invalid, TooLarge, example, responses};

/// Adds the path's parameters, the errors of reading a body, the shared responses and examples.
pub(super) fn complete(api: &mut OpenApi) {
    for (path, item) in &mut api.paths.paths {
        for operation in of_item(item) {
            for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let (description, schema) = part(name);
                let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
                let parameter = parameter.required(Required::True).description(description);
                operation.parameters.get_or_insert_default().push(parameter.schema(Some(schema)).build());
            }
            if operation.request_body.is_some() {
                answer::<Invalid>(operation);
                answer::<TooLarge>(operation);
            }
        }
    }
    let components = api.components.get_or_insert_default();
    components.responses.extend(responses::shared());
    let schemas = components.schemas.clone();
    let show = |content: &mut Content| {
        if content.example.is_none() {
            content.example = content.schema.as_ref().and_then(|schema| example::of(schema, &schemas));
        }
    };
    for operation in operations(api) {
        tag(operation);
        // A command without a body is one without fields.
        if let Some(body) = &mut operation.request_body
            && body.content.values().any(|content| needs_nothing(content, &schemas))
        {
            body.required = Some(Required::False);
        }
        let bodies = operation.request_body.iter_mut().flat_map(|body| body.content.values_mut());
        bodies.for_each(show);
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                response.content.values_mut().for_each(show);
            }
        }
    }
}

/// Operations of methods that browsers are kept from sending in the name of others.
pub(super) fn unsafe_operations(api: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    api.paths.paths.values_mut().flat_map(|PathItem { put, post, delete, patch, .. }| {
        [put, post, delete, patch].into_iter().flatten()
    })
}

/// Says that what can be asked for again has a tag.
fn tag(operation: &mut Operation) {
    let answers = &mut operation.responses.responses;
    if !answers.contains_key("304") {
        return;
    }
    for status in ["200", "304"] {
        if let Some(RefOr::T(response)) = answers.get_mut(status) {
            let header = HeaderBuilder::new().schema(Object::with_type(Type::String));
            let header = header.description(Some("Its tag, for `If-None-Match`."));
            response.headers.insert("etag".to_owned(), header.build());
        }
    }
}

/// Whether all that may be sent may be left out, too.
fn needs_nothing(content: &Content, schemas: &BTreeMap<String, RefOr<Schema>>) -> bool {
    let schema = match &content.schema {
        Some(RefOr::Ref(Ref { ref_location, .. })) => {
            ref_location.rsplit('/').next().and_then(|name| schemas.get(name))
        }
        schema => schema.as_ref(),
    };
    matches!(schema, Some(RefOr::T(Schema::Object(object))) if object.required.is_empty())
}

/// All operations of a document.
pub(super) fn operations(api: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    api.paths.paths.values_mut().flat_map(of_item)
}

fn of_item(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    [get, put, post, delete, options, head, patch, trace].into_iter().flatten()
}

/// Adds answers to an operation, unless it says something of its own of the same status.
pub(super) fn answer<R: IntoResponses>(operation: &mut Operation) {
    for (status, response) in R::responses() {
        operation.responses.responses.entry(status).or_insert(response);
    }
}

/// What a part of the path with this name is, wherever it occurs.
pub(crate) fn part(name: &str) -> (Option<&'static str>, RefOr<Schema>) {
    match name {
        "org" => {
            let slug_or_id = AnyOfBuilder::new()
                .item(Ref::from_schema_name("OrgSlug"))
                .item(Ref::from_schema_name("OrgId"))
                .examples(["acme"]);
            (Some("The organization: its slug or its id."), RefOr::T(slug_or_id.build().into()))
        }
        "project" => {
            let key_or_id = AnyOfBuilder::new()
                .item(Ref::from_schema_name("ProjectKey"))
                .item(Ref::from_schema_name("ProjectId"))
                .examples(["default"]);
            (Some("The project: its key or its id."), RefOr::T(key_or_id.build().into()))
        }
        "env" => (Some("The environment: its key."), domain::EnvironmentKey::schema()),
        "segment" => (Some("The segment: its key."), domain::SegmentKey::schema()),
        "template" => (Some("The template: its key."), domain::TemplateKey::schema()),
        "api_key" => (Some("The API key: its id."), domain::ApiKeyId::schema()),
        "version" => {
            let version = Object::builder().schema_type(Type::Integer).minimum(Some(1)).examples([3]);
            (Some("A version, as the history lists it."), RefOr::T(version.build().into()))
        }
        "seq" => {
            let seq = Object::builder().schema_type(Type::Integer).minimum(Some(1)).examples([42]);
            (Some("The entry's number in the organization."), RefOr::T(seq.build().into()))
        }
        "user" => (Some("The member: their id."), domain::UserId::schema()),
        "invitation" => (Some("The invitation: its id."), domain::InvitationId::schema()),
        "token" => (Some("The personal token: its id."), domain::TokenId::schema()),
        "session" => (Some("The session: its id."), domain::SignInId::schema()),
        "key" => {
            let key =
                Object::builder().schema_type(Type::String).min_length(Some(1)).examples(["checkout-v2"]);
            (Some("The flag's key."), RefOr::T(key.build().into()))
        }
        // A test asks every part for its description.
        _ => (None, RefOr::T(Object::with_type(Type::String).into())),
    }
}
