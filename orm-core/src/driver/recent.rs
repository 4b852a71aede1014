use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A bounded map: what was not asked for the longest time makes room.
pub(super) struct Recent<K, V> {
    entries: HashMap<K, Entry<V>, BuildHasherDefault<QuickHasher>>,
    /// How many entries there may be.
    capacity: usize,
    uses: u64,
}

struct Entry<V> {
    value: V,
    last_use: u64,
}

/// How many entries there may be unless something else is said.
const CAPACITY: usize = 128;

impl<K: Hash + Eq + Clone, V> Recent<K, V> {
    #[inline]
    pub(super) fn get<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.uses += 1;
        let entry = self.entries.get_mut(key)?;
        entry.last_use = self.uses;
        Some(&entry.value)
    }

    /// Holds at most so many, from the next entry on.
    pub(super) fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    /// Adds an entry where there is none of that key. Gives what made room, or the value where there is none.
    pub(super) fn add(&mut self, key: K, value: V) -> Option<V> {
        if self.capacity == 0 || self.entries.contains_key(&key) {
            return Some(value);
        }
        let oldest = if self.entries.len() >= self.capacity {
            self.entries.iter().min_by_key(|(_, entry)| entry.last_use).map(|(key, _)| key.clone())
        } else {
            None
        };
        let forgotten = oldest.and_then(|oldest| self.entries.remove(&oldest));
        self.entries.insert(key, Entry { value, last_use: self.uses });
        forgotten.map(|entry| entry.value)
    }

    /// Takes out what fulfils the condition.
    pub(super) fn take_if(&mut self, mut condition: impl FnMut(&V) -> bool) -> Vec<V> {
        self.entries.extract_if(|_, entry| condition(&entry.value)).map(|(_, entry)| entry.value).collect()
    }
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::default(), capacity: CAPACITY, uses: 0 }
    }
}

/// A quick hash. It need not resist anybody: the map is small, and who chooses the SQL has easier ways.
#[derive(Default)]
struct QuickHasher(u64);

impl Hasher for QuickHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        for &byte in rest {
            self.write_u8(byte);
        }
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    #[inline]
    fn finish(&self) -> u64 {
        // the table looks at both ends, and multiplication mixes upwards
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn what_was_not_asked_for_the_longest_time_makes_room() {
        let mut recent = Recent::<&str, u8>::default();
        recent.set_capacity(2);
        assert_eq!([recent.add("a", 1), recent.add("b", 2)], [None, None]);
        assert_eq!(recent.get("a"), Some(&1));
        assert_eq!(recent.add("c", 3), Some(2));
        assert_eq!(
            [recent.get("a").copied(), recent.get("b").copied(), recent.get("c").copied()],
            [Some(1), None, Some(3)]
        );
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let mut recent = Recent::<&str, u8>::default();
        recent.set_capacity(0);
        assert_eq!(recent.add("a", 1), Some(1));
        assert_eq!(recent.get("a"), None);
    }
}
