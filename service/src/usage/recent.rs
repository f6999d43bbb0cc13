//! How busy flags were lately, for the eye.

use std::collections::HashMap;

use domain::orgs::ProjectRef;
use domain::usage::{RECENT_DAYS, RecentUse, Step};
use domain::{EnvironmentKey, Error as Refusal, FlagKey};
use entity::usage_hour::Column;

use super::Usage;
use super::sums::Hours;
use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, scope};

/// How many flags are asked for at most: those of a page.
const MOST: usize = 100;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Usage<'_> {
    /// How often flags were evaluated in an environment on each of the last days, today the last.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such environment, more than 100 flags are asked for, or the
    /// database fails.
    pub async fn recent(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: &EnvironmentKey,
        flags: &[FlagKey],
    ) -> Result<Vec<RecentUse>> {
        if flags.len() > MOST {
            return Err(Refusal::invalid("flags", format!("at most {MOST}")).into());
        }
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let environment = environments::choose(&environments::list(db, &project).await?, Some(environment))?;
        let now = self.0.now();
        let days = i64::try_from(RECENT_DAYS).unwrap_or_default();
        let from = now.day().plus((1 - days) * DAY_MS);
        let hours = Hours {
            org_id: project.org.id,
            from,
            to: now.plus(1),
            environments: Some(vec![environment.id]),
            flag: None,
        };
        let keys: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let mut found: HashMap<String, [i64; RECENT_DAYS]> = HashMap::new();
        for (key, point) in hours.points_by(db, Step::Day, Column::Flag, &keys).await? {
            let days = found.entry(key).or_default();
            if let Some(day) =
                usize::try_from((point.at.0 - from.0) / DAY_MS).ok().and_then(|day| days.get_mut(day))
            {
                *day = day.saturating_add(point.count);
            }
        }
        let of = |flag: &FlagKey| {
            let days = found.get(flag.as_str())?;
            Some(RecentUse { flag: flag.clone(), days: days.to_vec() })
        };
        Ok(flags.iter().filter_map(of).collect())
    }
}
