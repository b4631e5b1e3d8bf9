//! Random streams by (seed, replication, purpose, name): what happens to one entity never depends
//! on how many others there are, nor on the order in which they are asked.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

mod distribution;

pub use distribution::{BadParameter, Distribution, Empirical, Mixture};

/// What a stream is drawn for. A number is never used for anything else, and never again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
#[non_exhaustive]
pub enum Purpose {
    /// Provisioned size and fill of a volume.
    Size = 1,
    /// Daily change rate of a volume.
    ChangeRate = 2,
    /// Phase of a volume within its fleet's spread.
    Phase = 3,
    /// Change of one volume on one day.
    DayFactor = 4,
    /// Change of all volumes of a fleet on one day.
    CommonFactor = 5,
    /// Delay within the start window.
    Window = 6,
    /// Jitter of a schedule.
    Jitter = 7,
    /// Start-up latency of a copy.
    StartUp = 8,
    /// Rate of a standard copy.
    StandardRate = 9,
    /// Back-off of a client.
    BackOff = 10,
    /// Failures and repairs of a link.
    LinkFailure = 11,
    /// Order of events of one instant and rank.
    Tie = 12,
    /// Failures of copies.
    CopyFailure = 13,
    /// Arrivals of a random schedule.
    Arrival = 14,
    /// Bytes of a copy that a scenario draws directly.
    CopyBytes = 15,
    /// Time that a snapshot takes.
    SnapshotTime = 16,
    /// Id of a snapshot.
    SnapshotId = 17,
    /// Id of an image.
    ImageId = 18,
    /// Id of an event.
    EventId = 19,
    /// Points of a design.
    Design = 20,
}

/// A 64-bit hash of a stable name path such as fleet / volume / snapshot / destination.
///
/// FNV-1a over the bytes of each part with the finaliser of `SplitMix64` between parts; the values
/// are part of the results version and are held by a golden test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameHash(u64);

impl NameHash {
    /// The hash of a path of one part.
    pub fn of(name: &str) -> NameHash {
        NameHash(0x9e37_79b9_7f4a_7c15).child(name)
    }

    /// The hash of this path with one more part.
    #[must_use]
    pub fn child(self, name: &str) -> NameHash {
        let mut hash = 0xcbf2_9ce4_8422_2325 ^ self.0;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        NameHash(finalise(hash))
    }

    /// The hash of this path with a number as one more part: a day, a snapshot, an attempt.
    #[must_use]
    pub fn number(self, n: u64) -> NameHash {
        NameHash(finalise(self.0 ^ finalise(n.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// The hash itself.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The finaliser of `SplitMix64`: Steele, Lea, and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
const fn finalise(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Where the draws of one run come from: the seed of the scenario and the replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    seed: u64,
    replication: u32,
}

impl Chance {
    /// The draws of replication `replication` under `seed`.
    pub const fn new(seed: u64, replication: u32) -> Chance {
        Chance { seed, replication }
    }

    /// The replication whose draws these are.
    pub const fn replication(self) -> u32 {
        self.replication
    }

    /// The stream of draws for one purpose of one entity. The generator is named: `StdRng` may
    /// change between versions of its crate, `Pcg64Mcg` may not.
    pub fn stream(self, purpose: Purpose, entity: NameHash) -> Pcg64Mcg {
        Pcg64Mcg::seed_from_u64(self.key(purpose, entity))
    }

    /// A key that is fixed for (seed, replication, purpose, entity).
    pub fn key(self, purpose: Purpose, entity: NameHash) -> u64 {
        let place = (u64::from(self.replication) << 32) | u64::from(purpose as u32);
        finalise(finalise(self.seed ^ finalise(place)) ^ entity.0)
    }
}

/// A number uniform in [0, 1).
pub fn unit(stream: &mut Pcg64Mcg) -> f64 {
    stream.random::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that results of version 1 rest on. They were taken once; a change here changes
    /// every result, and needs a new results version.
    #[test]
    fn golden_first_draws() {
        let chance = Chance::new(1, 0);
        let name = NameHash::of("databases").child("v0001").number(7);
        let mut stream = chance.stream(Purpose::StartUp, name);
        let draws = [unit(&mut stream), unit(&mut stream)];
        assert_eq!((name.get(), draws.map(f64::to_bits)), GOLDEN, "{draws:?}");
    }

    const GOLDEN: (u64, [u64; 2]) =
        (0x6405_e6ec_cc92_9527, [0x3feb_1a16_161c_4d0b, 0x3fdd_659f_11fe_8860]);

    #[test]
    fn each_part_of_the_key_matters() {
        let name = NameHash::of("a");
        let base = Chance::new(1, 0).key(Purpose::Size, name);
        assert_ne!(base, Chance::new(2, 0).key(Purpose::Size, name));
        assert_ne!(base, Chance::new(1, 1).key(Purpose::Size, name));
        assert_ne!(base, Chance::new(1, 0).key(Purpose::Phase, name));
        assert_ne!(base, Chance::new(1, 0).key(Purpose::Size, NameHash::of("b")));
        assert_ne!(NameHash::of("ab").child("c"), NameHash::of("a").child("bc"));
    }

    /// The mean of n uniform draws has a standard deviation of 1 / sqrt(12 n): 0.0009 here.
    #[test]
    fn first_draws_of_neighbouring_names_are_uniform() {
        let chance = Chance::new(7, 3);
        let fleet = NameHash::of("fleet");
        let n = 100_000;
        let sum: f64 =
            (0..n).map(|i| unit(&mut chance.stream(Purpose::Jitter, fleet.number(i)))).sum();
        assert!((sum / 100_000.0 - 0.5).abs() < 4.0 * 0.000_92, "{sum}");
    }
}
