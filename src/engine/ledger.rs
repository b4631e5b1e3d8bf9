//! What an account may use at once, and what is in use: slots, throughput quota, API tokens.

use super::soonest::Soonest;
use crate::units::{Instant, Span};

/// Time during which something was so, exact.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stopwatch {
    total: Span,
    since: Option<Instant>,
}

impl Stopwatch {
    /// From `now` on it is so, or not.
    pub fn set(&mut self, now: Instant, on: bool) {
        match (self.since, on) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => {
                self.total += now.since(since);
                self.since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// For how long it was so until `now`.
    pub fn total(&self, now: Instant) -> Span {
        self.total + self.since.map_or(Span::ZERO, |since| now.since(since))
    }
}

/// Concurrent copies to one destination.
#[derive(Debug, Clone)]
pub struct Slots {
    limit: u32,
    used: u32,
    full: Stopwatch,
}

impl Slots {
    /// `limit` slots, all free.
    pub fn new(limit: u32) -> Slots {
        Slots { limit, used: 0, full: Stopwatch::default() }
    }

    /// Slots in use.
    pub fn used(&self) -> u32 {
        self.used
    }

    /// Slots that are free.
    pub fn free(&self) -> u32 {
        self.limit - self.used
    }

    /// Most slots in use at once.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// For how long no slot was free, until `now`.
    pub fn full_time(&self, now: Instant) -> Span {
        self.full.total(now)
    }

    /// Starts the watch where there is no slot at all.
    pub fn open(&mut self, now: Instant) {
        self.full.set(now, self.free() == 0);
    }

    /// Takes `n` slots.
    pub fn take(&mut self, now: Instant, n: u32) {
        assert!(n <= self.free(), "{n} slots asked, {} of {} free", self.free(), self.limit);
        self.used += n;
        self.full.set(now, self.free() == 0);
    }

    /// Gives one slot back.
    pub fn give_back(&mut self, now: Instant) {
        assert!(0 < self.used, "a slot comes back, and none is in use");
        self.used -= 1;
        self.full.set(now, false);
    }
}

/// Snapshots that are kept in one Region, pending ones among them (F100).
///
/// Those whose retention ends by age leave by themselves, each at its instant, whenever somebody
/// looks: no event is needed for each.
#[derive(Debug, Clone)]
pub struct Shelf {
    limit: u64,
    n: u64,
    leaving: Soonest<Instant>,
}

impl Shelf {
    /// Room for `limit` snapshots; none is there.
    pub fn new(limit: u64) -> Shelf {
        Shelf { limit, n: 0, leaving: Soonest::default() }
    }

    /// How many there are.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// How many there may be.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Whether `n` more would not exceed the limit.
    pub fn has_room(&self, n: u64) -> bool {
        self.n + n <= self.limit
    }

    /// One more is there.
    pub fn put(&mut self) {
        self.n += 1;
    }

    /// One of those that are there leaves at `gone`, or right after it: it still stands for requests
    /// of that instant.
    pub fn leave_at(&mut self, gone: Instant) {
        self.leaving.push(gone);
    }

    /// One is gone.
    pub fn take(&mut self) {
        assert!(0 < self.n, "a snapshot goes, and none is there");
        self.n -= 1;
    }

    /// The next one that has left before `now` is gone: when it left.
    pub fn next_gone(&mut self, now: Instant) -> Option<Instant> {
        let gone = self.leaving.pop_if(|gone| *gone < now)?;
        self.take();
        Some(gone)
    }
}

/// Throughput quota of one scope, in whole bytes per second.
#[derive(Debug, Clone)]
pub struct Quota {
    limit: u64,
    reserved: u64,
    min_grant: u64,
    short: Stopwatch,
}

impl Quota {
    /// A quota of `limit`, none of it reserved; less than `min_grant` available counts as none.
    pub fn new(limit: u64, min_grant: u64) -> Quota {
        Quota { limit, reserved: 0, min_grant, short: Stopwatch::default() }
    }

    /// All of it.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// What is reserved.
    pub fn reserved(&self) -> u64 {
        self.reserved
    }

    /// What is not reserved.
    pub fn available(&self) -> u64 {
        self.limit - self.reserved
    }

    /// What a copy that needs `need` is granted now; `None` where it is refused (F8–F10,
    /// P-MIN-GRANT).
    pub fn grant(&self, need: u64) -> Option<u64> {
        let least = need.min(self.min_grant.max(1));
        (least <= self.available()).then(|| need.min(self.available()))
    }

    /// For how long a copy of ordinary need would have been refused, until `now`.
    pub fn short_time(&self, now: Instant) -> Span {
        self.short.total(now)
    }

    /// Reserves `amount`.
    pub fn reserve(&mut self, now: Instant, amount: u64) {
        assert!(amount <= self.available(), "{amount} B/s of {} available", self.available());
        self.reserved += amount;
        self.watch(now);
    }

    /// Gives `amount` back.
    pub fn give_back(&mut self, now: Instant, amount: u64) {
        assert!(amount <= self.reserved, "{amount} B/s come back of {}", self.reserved);
        self.reserved -= amount;
        self.watch(now);
    }

    fn watch(&mut self, now: Instant) {
        let short = self.available() < self.min_grant.max(1);
        self.short.set(now, short);
    }
}

/// A grant that is too small for all, divided in proportion to the needs, by largest remainder.
///
/// Parts add up to `available` exactly; equal remainders go to the earlier one. Who needs something
/// gets at least 1 as far as it reaches, from the largest part: a copy at rate zero would never end.
///
/// # Panics
/// When `available` is not less than the sum of the needs.
pub fn split(available: u64, needs: &[u64]) -> Vec<u64> {
    let total: u128 = needs.iter().map(|need| u128::from(*need)).sum();
    assert!(u128::from(available) < total, "{available} B/s are enough for {total}");
    let share = |need: u64| u128::from(need) * u128::from(available);
    let fits = "a part is no more than the whole";
    let mut parts: Vec<u64> =
        needs.iter().map(|need| u64::try_from(share(*need) / total).expect(fits)).collect();
    let mut order: Vec<usize> = (0..needs.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(share(needs[*i]) % total), *i));
    let mut rest = available - parts.iter().sum::<u64>();
    for i in order {
        if rest == 0 {
            break;
        }
        parts[i] += 1;
        rest -= 1;
    }
    for i in 0..parts.len() {
        let largest = parts.iter().copied().max().unwrap_or(0);
        let from = parts.iter().position(|part| *part == largest).filter(|_| 1 < largest);
        if let (0, 1.., Some(from)) = (parts[i], needs[i], from) {
            (parts[i], parts[from]) = (1, largest - 1);
        }
    }
    parts
}

/// A bucket of API tokens (F101): starts full, refills at a steady rate.
///
/// Kept as the instant at which the bucket would be full again, so that it is exact.
#[derive(Debug, Clone)]
pub struct Bucket {
    capacity: u32,
    token: Span,
    full_at: Instant,
}

impl Bucket {
    /// A full bucket of `capacity` tokens that refills by `per_second`, both at least 1.
    pub fn new(capacity: u32, per_second: u32) -> Bucket {
        assert!(0 < capacity && 0 < per_second, "a bucket holds and refills");
        let token = Span::from_nanos(1_000_000_000 / u64::from(per_second));
        Bucket { capacity, token, full_at: Instant::ZERO }
    }

    /// Takes a token; says whether there was one.
    pub fn take(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now);
        let depth = self.token.times(u64::from(self.capacity));
        if now + depth < full_at + self.token {
            return false;
        }
        self.full_at = full_at + self.token;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Span::from_secs(secs)
    }

    /// 1 slot: full from 10 s to 25 s and from 30 s on: at 40 s it was full for 15 + 10 s.
    #[test]
    fn the_time_without_a_free_slot_is_counted_exactly() {
        let mut slots = Slots::new(1);
        slots.take(at(10), 1);
        slots.give_back(at(25));
        slots.take(at(30), 1);
        assert_eq!(slots.full_time(at(40)), Span::from_secs(25));
    }

    #[test]
    fn a_short_quota_is_granted_in_part_and_an_empty_one_not_at_all() {
        let mut quota = Quota::new(1000, 10);
        quota.reserve(at(0), 800);
        assert_eq!(quota.grant(150), Some(150));
        assert_eq!(quota.grant(500), Some(200));
        quota.reserve(at(1), 195);
        assert_eq!(quota.grant(500), None, "5 are left, less than the least grant of 10");
        assert_eq!(quota.grant(5), Some(5), "but 5 are enough for who needs 5");
        assert_eq!(quota.grant(0), Some(0), "and nothing is always there");
    }

    /// 10 for needs 1, 1, 2 of 4 would be enough; 3 for 3, 3, 1 of 7: 9/7, 9/7, 3/7 are
    /// 1 + 2/7, 1 + 2/7, 0 + 3/7: the last has the largest remainder.
    #[test]
    fn a_split_adds_up_by_largest_remainder() {
        assert_eq!(split(3, &[3, 3, 1]), [1, 1, 1]);
        assert_eq!(split(1, &[5, 5]), [1, 0]);
        assert_eq!(split(0, &[5, 5]), [0, 0]);
    }

    /// 10 for 1, 1, and 98: 0.1, 0.1, and 9.8 are 0, 0, and 10, of which two go to the small ones.
    #[test]
    fn a_split_leaves_nobody_with_nothing() {
        assert_eq!(split(10, &[1, 1, 98]), [1, 1, 8]);
        assert_eq!(split(10, &[0, 1, 99]), [0, 1, 9]);
        assert_eq!(split(1, &[1, 99]), [0, 1]);
    }

    /// Room for 3: two leave at 10 s and at 20 s. At 10 s both still stand, right after it one does.
    #[test]
    fn who_leaves_still_stands_at_that_instant() {
        let mut shelf = Shelf::new(3);
        for gone in [at(20), at(10)] {
            shelf.put();
            shelf.leave_at(gone);
        }
        assert!(shelf.has_room(1) && !shelf.has_room(2));
        assert_eq!(shelf.next_gone(at(10)), None);
        let after = at(10) + Span::from_nanos(1);
        assert_eq!((shelf.next_gone(after), shelf.next_gone(after)), (Some(at(10)), None));
        assert_eq!((shelf.n(), shelf.has_room(2)), (1, true));
    }

    /// F10: where nothing is available the request fails, also where the least grant is 0.
    #[test]
    fn an_empty_quota_refuses_whatever_the_least_grant() {
        let mut quota = Quota::new(1000, 0);
        quota.reserve(at(0), 999);
        assert_eq!(quota.grant(500), Some(1));
        quota.reserve(at(0), 1);
        assert_eq!((quota.grant(500), quota.grant(0)), (None, Some(0)));
    }

    /// TV31's bucket: 100 tokens, 1 a second: 150 calls at once, 100 pass; the 50 others pass one a
    /// second, the last at 50 s.
    #[test]
    fn a_bucket_refills_one_token_at_a_time() {
        let mut bucket = Bucket::new(100, 1);
        let passed = (0..150).filter(|_| bucket.take(at(1000))).count();
        assert_eq!(passed, 100);
        assert!(!bucket.take(Instant::from_nanos(at(1001).nanos() - 1)));
        for second in 1001..=1050 {
            assert!(bucket.take(at(second)), "{second}");
            assert!(!bucket.take(at(second)), "{second}");
        }
    }
}
