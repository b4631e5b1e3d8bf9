//! Names of simulated resources, in the provider's form.
//!
//! They follow from the seed, the replication, and stable names alone. [`Chance::key`] maps names
//! one to one, so two ids of one kind in a run are equal only where their names are.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::rng::{Chance, NameHash, Purpose};

/// A snapshot's id: `snap-0` and 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotId(u64);

/// An image's id: `ami-0` and 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageId(u64);

/// An event's id, in the form of a random UUID (version 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(u64, u64);

/// An account's number: 12 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountNumber(u64);

impl SnapshotId {
    /// The id of the snapshot of this name.
    pub fn of(chance: Chance, name: NameHash) -> SnapshotId {
        SnapshotId(chance.key(Purpose::SnapshotId, name))
    }
}

impl ImageId {
    /// The id of the image of this name.
    pub fn of(chance: Chance, name: NameHash) -> ImageId {
        ImageId(chance.key(Purpose::ImageId, name))
    }
}

impl EventId {
    /// The id of the event of this name.
    pub fn of(chance: Chance, name: NameHash) -> EventId {
        let half = |n| chance.key(Purpose::EventId, name.number(n));
        EventId(half(0), half(1))
    }
}

impl AccountNumber {
    /// The number of an account: its name where that is one, else one that follows from the name.
    pub fn of(name: &str) -> AccountNumber {
        let is_number = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit());
        let drawn = || 100_000_000_000 + NameHash::of(name).get() % 900_000_000_000;
        let own = if is_number { name.parse().ok() } else { None };
        AccountNumber(own.unwrap_or_else(drawn))
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "snap-0{:016x}", self.0)
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ami-0{:016x}", self.0)
    }
}

/// Version and variant stand where RFC 9562 has them.
impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EventId(high, low) = *self;
        let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
        let (fourth, fifth) = ((low >> 48) & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
        write!(f, "{first:08x}-{second:04x}-4{third:03x}-{fourth:04x}-{fifth:012x}")
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl Serialize for SnapshotId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for ImageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for AccountNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 17 digits follow the dash, the first of them 0, as in the ids that the provider gives.
    #[test]
    fn ids_have_the_form_of_the_provider() {
        assert_eq!(SnapshotId(0xabc).to_string(), "snap-00000000000000abc");
        assert_eq!(ImageId(u64::MAX).to_string(), "ami-0ffffffffffffffff");
        assert_eq!(SnapshotId(1).to_string().len(), "snap-".len() + 17);
    }

    /// 32 digits in five groups; the 13th is 4, the 17th has the bits 10 in front: 0x3fff | 0x8000.
    #[test]
    fn an_event_has_a_uuid() {
        let id = EventId(0x0123_4567_89ab_cdef, u64::MAX);
        assert_eq!(id.to_string(), "01234567-89ab-4def-bfff-ffffffffffff");
    }

    #[test]
    fn an_id_hangs_on_seed_replication_and_name_alone() {
        let id = |seed, replication, name| {
            SnapshotId::of(Chance::new(seed, replication), NameHash::of(name))
        };
        assert_eq!(id(1, 0, "a"), id(1, 0, "a"));
        let others = [id(1, 0, "a"), id(2, 0, "a"), id(1, 1, "a"), id(1, 0, "b")];
        let different: std::collections::BTreeSet<SnapshotId> = others.into_iter().collect();
        assert_eq!(different.len(), 4);
    }

    #[test]
    fn an_account_that_is_a_number_keeps_it() {
        assert_eq!(AccountNumber::of("012345678901").to_string(), "012345678901");
        let drawn = AccountNumber::of("vault").to_string();
        assert!(drawn.len() == 12 && !drawn.starts_with('0'), "{drawn}");
    }
}
