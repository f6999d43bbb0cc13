//! One flag, among fifty, beside the constant.

use std::io::Result;

use crate::compare;
use crate::cores::Core;
use crate::flags;
use crate::http_client::Client;
use crate::target::{Constant, Target};
use crate::togglebit::{Kind, Togglebit};

/// The flags that are asked for.
const FLAGS: [(&str, usize); 2] = [("on for everybody", 0), ("a rule with a rollout", 4)];

pub(super) async fn run() -> Result<()> {
    let client = Client::new();
    let togglebit = Togglebit::start(Some(Core::Server)).await?;
    togglebit.fill("fifty", &["prod".to_owned()], 50).await?;
    let key = togglebit.key("fifty", "prod", Kind::Server).await?;
    for (name, number) in FLAGS {
        let question = togglebit.one(&flags::key(number), &key);
        let answer = client.get(&question.url(), &question.fields).await?;
        let constant = Constant::start(&client, &question, &answer).await?;
        let targets = [
            Target { name: "Togglebit".to_owned(), process: &togglebit.process, question },
            constant.target(),
        ];
        compare::print(&format!("One flag: {name}"), &targets, &[("Togglebit / constant", 0, 1)])?;
    }
    Ok(())
}
