use serde_json::json;

use super::*;

fn filled(fields: &[(&str, &str)]) -> Filled {
    Filled::of(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn paths(result: domain::Result<StartFlag>) -> Vec<String> {
    match result {
        Err(Error::Invalid { details }) => details.into_iter().map(|detail| detail.path).collect(),
        other => panic!("{other:?}"),
    }
}

fn new(fields: &[(&str, &str)]) -> NewFlag {
    match filled(fields).read().unwrap().flag {
        StartOf::New(flag) => *flag,
        other @ StartOf::Template(..) => panic!("{other:?}"),
    }
}

#[test]
fn only_the_fields_of_the_type_count() {
    let all = [
        ("name", " Menu "),
        ("rollout_pct", "12.5"),
        ("attribute", "plan"),
        ("op", "in"),
        ("values", "pro, team"),
        ("value_type", "number"),
        ("variation_key_0", "small"),
        ("variation_value_0", "1"),
        ("variation_key_7", "large"),
        ("variation_value_7", "2.5"),
    ];
    let of = |kind| new(&[&all[..], &[("kind", kind)]].concat());
    let boolean = of("boolean");
    assert_eq!((boolean.name.as_str(), boolean.value_type), ("Menu", Some(ValueType::Boolean)));
    assert!(boolean.variations.is_none() && boolean.rollout_pct.is_none() && boolean.rules.is_none());
    let combined = of("combined");
    assert_eq!(combined.rollout_pct.unwrap().thousandths(), 12_500);
    assert_eq!(combined.rules.unwrap().len(), 1);
    let values: Vec<_> = of("advanced").variations.unwrap().into_iter().map(|it| it.value).collect();
    assert_eq!(values, [json!(1), json!(2.5)]);
}

#[test]
fn every_fault_is_named_by_its_field() {
    let fields = [
        ("key", "no key"),
        ("kind", "advanced"),
        ("value_type", "json"),
        ("variation_key_0", "a"),
        ("variation_value_0", "{"),
        ("variation_key_2", "a"),
        ("variation_value_2", "1"),
        ("variation_key_3", ""),
        ("variation_value_3", "2"),
        ("start", "on"),
        ("colour", "blue"),
    ];
    let named = [
        "colour",
        "name",
        "key",
        "start_environment",
        "variation_value_0",
        "variation_key_2",
        "variation_key_3",
    ];
    assert_eq!(paths(filled(&fields).read()), named);
}

#[test]
fn what_is_left_empty_is_no_fault_while_it_is_typed() {
    let fields = [("kind", "percentage"), ("value_type", "number"), ("variation_key_0", "a")];
    assert!(filled(&fields).faults(false).is_empty());
    assert_eq!(paths(filled(&fields).read()), ["name", "rollout_pct", "variation_value_0", "variations"]);
    let wrong = [("variation_value_0", "much"), ("kind", "advanced"), ("value_type", "number")];
    assert_eq!(filled(&wrong).faults(false).len(), 1);
}

#[test]
fn a_template_says_what_the_other_fields_do_not() {
    let fields = [("name", "Menu"), ("template", "kill-switch"), ("kind", "percentage"), ("start", "share")];
    let StartFlag { flag, first } = filled(&fields).read().unwrap();
    assert!(
        matches!(flag, StartOf::Template(key, flag) if key.as_str() == "kill-switch" && flag.tags.is_none())
    );
    assert!(first.is_none());
}

#[test]
fn a_flag_may_begin_in_one_environment() {
    let begin = |start, share| {
        let fields =
            [("name", "Menu"), ("start", start), ("start_environment", "dev"), ("start_share", share)];
        filled(&fields).read().map(|start| start.first)
    };
    assert_eq!(begin("off", "").unwrap(), None);
    assert_eq!(begin("on", "x").unwrap().unwrap().share, None);
    assert_eq!(begin("share", "5").unwrap().unwrap().share, Percentage::from_thousandths(5000));
    assert!(begin("share", "500").is_err() && begin("soon", "").is_err());
}

#[test]
fn a_refusal_is_said_in_the_terms_of_the_form() {
    let rows = [("variation_key_0", "a"), ("variation_key_4", "b"), ("variation_value_4", "c")];
    let placed = |path: &str| paths(Err(filled(&rows).placed(Error::invalid(path, "is wrong"))));
    for (path, field) in [
        ("variations[1].value", "variation_value_4"),
        ("variations[0].key", "variation_key_0"),
        ("variations", "variations"),
        ("rules[0].attribute", "attribute"),
        ("rules[0].values", "values"),
        ("first.comment", "start_comment"),
        ("name", "name"),
    ] {
        assert_eq!(placed(path), [field], "{path}");
    }
    assert_eq!(paths(Err(filled(&[]).placed(Error::conflict("taken")))), ["key"]);
}
