//! The soonest of many instants, each of which may be set anew at any time.

use crate::units::Instant;

/// Keys in the leaves of a binary tree; every node holds the lesser of its two children.
#[derive(Debug, Clone)]
pub(super) struct Tournament {
    /// The root stands at 1, the children of `n` at `2 n` and `2 n + 1`.
    nodes: Vec<Instant>,
    n_keys: usize,
}

impl Default for Tournament {
    fn default() -> Tournament {
        Tournament { nodes: vec![Instant::FAR; 2], n_keys: 0 }
    }
}

impl Tournament {
    fn n_leaves(&self) -> usize {
        self.nodes.len() / 2
    }

    /// Adds a key, as yet [`Instant::FAR`].
    pub(super) fn add(&mut self) {
        if self.n_keys == self.n_leaves() {
            let keys = self.nodes.split_off(self.n_leaves());
            self.nodes = vec![Instant::FAR; 4 * keys.len()];
            for (idx, key) in keys.into_iter().enumerate() {
                self.set(idx, key);
            }
        }
        self.n_keys += 1;
    }

    pub(super) fn set(&mut self, idx: usize, key: Instant) {
        let mut node = self.n_leaves() + idx;
        self.nodes[node] = key;
        while 1 < node {
            node /= 2;
            let lesser = self.nodes[2 * node].min(self.nodes[2 * node + 1]);
            if self.nodes[node] == lesser {
                break;
            }
            self.nodes[node] = lesser;
        }
    }

    pub(super) fn first(&self) -> Instant {
        self.nodes[1]
    }

    /// The first of the keys that equal the least.
    pub(super) fn winner(&self) -> usize {
        let mut node = 1;
        while node < self.n_leaves() {
            node = 2 * node + usize::from(self.nodes[node] < self.nodes[2 * node]);
        }
        node - self.n_leaves()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_key_wins_through_growth_and_change() {
        let mut keys = Tournament::default();
        for idx in 0..5 {
            keys.add();
            keys.set(idx, Instant::from_nanos([50, 20, 40, 10, 30][idx]));
        }
        assert_eq!((keys.first(), keys.winner()), (Instant::from_nanos(10), 3));
        keys.set(3, Instant::FAR);
        assert_eq!((keys.first(), keys.winner()), (Instant::from_nanos(20), 1));
        keys.set(4, Instant::from_nanos(20));
        assert_eq!(keys.winner(), 1);
        keys.set(1, Instant::from_nanos(60));
        assert_eq!((keys.first(), keys.winner()), (Instant::from_nanos(20), 4));
    }
}
