//! Which processor cores do what: a server has one to itself, and what asks it another.

use std::io::{Error, Result};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Who gets a core.
#[derive(Clone, Copy)]
pub(crate) enum Core {
    /// The first one: the server that is measured.
    Server,
    /// The last one: the load generator.
    Load,
}

/// Does something on one core. Processes and threads that are started in it stay there.
pub(crate) fn on<T>(core: Core, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let all = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core));
    let (Some(first), Some(last)) = (cores.next(), cores.next_back()) else {
        return Err(Error::other("two cores are needed: one for the server, one for the load"));
    };
    let mut one = CpuSet::new();
    one.set(match core {
        Core::Server => first,
        Core::Load => last,
    });
    sched_setaffinity(None, &one)?;
    let done = work();
    sched_setaffinity(None, &all)?;
    done
}
