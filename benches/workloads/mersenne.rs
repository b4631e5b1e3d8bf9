//! The generator behind Python's `random.Random(seed).random()`, so that workloads equal those
//! that other programs were measured with.
//!
//! Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), with the seeding by
//! an array of 2002; Python seeds with the 32-bit digits of the number.

const SIZE: usize = 624;
const MIDDLE: usize = 397;

/// MT19937.
pub(crate) struct Mersenne {
    state: [u32; SIZE],
    next: usize,
}

impl Mersenne {
    /// The generator that `random.Random(seed)` makes, for seeds of one digit (below 2^32).
    pub(crate) fn new(seed: u32) -> Mersenne {
        let mut state = [19_650_218; SIZE];
        for i in 1..SIZE {
            state[i] = step(state[i - 1], 1_812_433_253).wrapping_add(index(i));
        }
        let mut i = 1;
        let advance = |state: &mut [u32; SIZE], i: usize| {
            if i + 1 < SIZE {
                return i + 1;
            }
            state[0] = state[SIZE - 1];
            1
        };
        for _ in 0..SIZE {
            state[i] = (state[i] ^ step(state[i - 1], 1_664_525)).wrapping_add(seed);
            i = advance(&mut state, i);
        }
        for _ in 1..SIZE {
            state[i] = (state[i] ^ step(state[i - 1], 1_566_083_941)).wrapping_sub(index(i));
            i = advance(&mut state, i);
        }
        state[0] = 0x8000_0000;
        Mersenne { state, next: SIZE }
    }

    /// A number uniform in [0, 1) with 53 bits: `random()`.
    pub(crate) fn unit(&mut self) -> f64 {
        let (high, low) = (self.word() >> 5, self.word() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    fn word(&mut self) -> u32 {
        if self.next == SIZE {
            self.twist();
        }
        let mut word = self.state[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn twist(&mut self) {
        for i in 0..SIZE {
            let word = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % SIZE] & 0x7fff_ffff);
            let odd = if word & 1 == 1 { 0x9908_b0df } else { 0 };
            self.state[i] = self.state[(i + MIDDLE) % SIZE] ^ (word >> 1) ^ odd;
        }
        self.next = 0;
    }
}

fn step(last: u32, factor: u32) -> u32 {
    (last ^ (last >> 30)).wrapping_mul(factor)
}

fn index(i: usize) -> u32 {
    u32::try_from(i).expect("below 624")
}
