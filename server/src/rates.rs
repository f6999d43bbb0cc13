//! How often applications may ask, as the operator decides.

use clap::Args;
use clap::builder::RangedU64ValueParser;
use service::delivery::{Limit, RateLimits};

use crate::failure::Failure;

/// The most requests that a limit may let in.
const MOST: u32 = 1_000_000_000;

/// How often applications may ask.
#[derive(Args)]
pub(crate) struct Rates {
    /// How many requests a second each API key may make that has no limit of its own; 0 for any number, as without it
    #[arg(long, env = "TOGGLEBIT_RATE_PER_KEY", value_parser = rate(), default_value_t = 0, global = true)]
    rate_per_key: u32,

    /// How many it may make at once; a second's worth unless given
    #[arg(long, env = "TOGGLEBIT_BURST_PER_KEY", value_parser = burst(), global = true)]
    burst_per_key: Option<u32>,

    /// How many requests a second all API keys of an organization may make together; 0 for any number, as without it
    #[arg(long, env = "TOGGLEBIT_RATE_PER_ORGANIZATION", value_parser = rate(), default_value_t = 0, global = true)]
    rate_per_organization: u32,

    /// How many they may make at once; a second's worth unless given
    #[arg(long, env = "TOGGLEBIT_BURST_PER_ORGANIZATION", value_parser = burst(), global = true)]
    burst_per_organization: Option<u32>,

    /// How many requests a second without a valid API key may come from one address; 0 for any number
    #[arg(long, env = "TOGGLEBIT_RATE_PER_ADDRESS", value_parser = rate(), default_value_t = 20, global = true)]
    rate_per_address: u32,

    /// How many may come at once; five seconds' worth unless given
    #[arg(long, env = "TOGGLEBIT_BURST_PER_ADDRESS", value_parser = burst(), global = true)]
    burst_per_address: Option<u32>,
}

fn rate() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(0..=u64::from(MOST))
}

fn burst() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(1..=u64::from(MOST))
}

impl Rates {
    pub(crate) fn limits(&self) -> Result<RateLimits, Failure> {
        let Self { rate_per_key, rate_per_organization, rate_per_address, .. } = *self;
        let usual_per_address = rate_per_address.saturating_mul(5);
        Ok(RateLimits {
            per_key: limit("KEY", rate_per_key, self.burst_per_key, rate_per_key)?,
            per_organization: limit(
                "ORGANIZATION",
                rate_per_organization,
                self.burst_per_organization,
                rate_per_organization,
            )?,
            per_address: limit("ADDRESS", rate_per_address, self.burst_per_address, usual_per_address)?,
        })
    }
}

/// A limit, where there is a rate. The burst is the usual one unless one was given.
fn limit(per: &str, rate: u32, burst: Option<u32>, usual: u32) -> Result<Option<Limit>, Failure> {
    match (rate, burst) {
        (0, Some(_)) => {
            let missing = format!("TOGGLEBIT_BURST_PER_{per} says nothing without TOGGLEBIT_RATE_PER_{per}");
            Err(Failure::Arguments(missing))
        }
        (0, None) => Ok(None),
        (rate, burst) => Ok(Limit::new(rate, burst.unwrap_or(usual.min(MOST)))),
    }
}
