//! How many streams there may be: a page that is not seen has none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tower_sessions::session::Id;

/// How many streams a session may have, and all together. A browser has one for each organization that it shows, unless its
/// pages cannot agree on who has it.
const PER_SESSION: usize = 20;
const IN_ALL: usize = 5_000;

/// How many streams each session has.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<Id, usize>>>);

/// A stream's place among them, until it ends.
pub(super) struct Place(Streams, Id);

impl Streams {
    pub(super) fn place(&self, session: Id) -> Option<Place> {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let in_all: usize = streams.values().sum();
        let own = streams.get(&session).copied().unwrap_or_default();
        if in_all >= IN_ALL || own >= PER_SESSION {
            return None;
        }
        streams.insert(session, own + 1);
        Some(Place(self.clone(), session))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        match streams.get_mut(&self.1) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(streams.remove(&self.1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_so_many_streams() {
        let (streams, id) = (Streams::default(), Id::default());
        let mut places: Vec<_> = (0..PER_SESSION).map(|_| streams.place(id).unwrap()).collect();
        assert!(streams.place(id).is_none());
        let _other = streams.place(Id::default()).unwrap();
        places.pop();
        places.push(streams.place(id).unwrap());
        assert!(streams.place(id).is_none());
        drop(places);
        assert_eq!(streams.0.lock().unwrap().len(), 1);
    }
}
