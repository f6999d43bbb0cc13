//! Documents by key.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Something with a key.
pub(crate) trait Keyed {
    fn key(&self) -> &str;
}

/// A sorted list with an index by key. The hash need not resist chosen keys: who may ask cannot add.
#[derive(Debug)]
pub(crate) struct Table<T> {
    entries: Vec<T>,
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl<T: Keyed> Table<T> {
    /// A table of entries; of several with one key the last.
    pub(crate) fn new(mut entries: Vec<T>) -> Self {
        entries.sort_by(|a, b| a.key().cmp(b.key()));
        entries.dedup_by(|next, entry| {
            let is_same = next.key() == entry.key();
            if is_same {
                std::mem::swap(next, entry);
            }
            is_same
        });
        let hasher = DefaultHashBuilder::default();
        let mut places = HashTable::with_capacity(entries.len());
        for (place, entry) in (0..).zip(&entries) {
            places.insert_unique(hasher.hash_one(entry.key()), place, |_| 0);
        }
        Self { entries, places, hasher }
    }

    pub(crate) fn place(&self, key: &str) -> Option<usize> {
        let is_it = |place: &u32| self.at(*place as usize).is_some_and(|entry| entry.key() == key);
        self.places.find(self.hasher.hash_one(key), is_it).map(|place| *place as usize)
    }

    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        self.entries.get(place)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.at(self.place(key)?)
    }

    pub(crate) fn entries(&self) -> &[T] {
        &self.entries
    }

    pub(crate) fn entries_mut(&mut self) -> &mut [T] {
        &mut self.entries
    }
}
