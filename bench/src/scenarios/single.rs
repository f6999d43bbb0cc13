//! One flag, among fifty, beside the constant.

use std::io::Result;

use crate::compare;
use crate::cores::Core;
use crate::flags;
use crate::target::{Constant, Target};
use crate::togglebit::{Kind, Togglebit};

/// The flags that are asked for, and whether with attributes beside the user's id.
const FLAGS: [(&str, usize, bool); 2] =
    [("on for everybody, no attributes", 0, false), ("a rule with a rollout, two attributes", 4, true)];

pub(super) async fn run() -> Result<()> {
    let togglebit = Togglebit::start(Some(Core::Server)).await?;
    togglebit.fill("fifty", &["prod".to_owned()], 50).await?;
    let key = togglebit.key("fifty", "prod", Kind::Server).await?;
    for (name, number, attributes) in FLAGS {
        let flag = flags::key(number);
        let question = match attributes {
            true => togglebit.one(&flag, &key),
            false => togglebit.question(&format!("/eval/flags/{flag}?userId={}", flags::USER), &key),
        };
        let answer = question.ask().await?;
        let constant = Constant::start(&question, &answer).await?;
        let targets = [
            Target { name: "Togglebit".to_owned(), process: &togglebit.process, question },
            constant.target(),
        ];
        compare::print(&format!("One flag: {name}"), &targets, &[("Togglebit / constant", 0, 1)])?;
    }
    Ok(())
}
