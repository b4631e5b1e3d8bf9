//! Turns: time-based copies of one source snapshot go one after the other (F21, P-SAME-SOURCE).

use super::copy::CopyRef;
use crate::units::index_usize;

/// What takes turns: copies of one source, by its volume and number, and by destination unless turns
/// are taken whatever the destination.
pub(super) type TurnKey = (u32, u64, usize);

/// A copy that has its turn or waits for it.
#[derive(Debug, Clone, Copy)]
struct Member {
    number: u64,
    to: usize,
    copy: CopyRef,
}

impl Member {
    fn has(&self, (_, number, to): TurnKey) -> bool {
        (self.number, self.to) == (number, to)
    }
}

/// Time-based copies under way, by volume of their source, in order of acceptance.
///
/// Volumes are numbered from 0 on, and few copies of one are under way at once: a list for each, kept
/// when it is empty, takes no memory anew and no search.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    of_volume: Vec<Vec<Member>>,
}

impl Turns {
    /// A copy waits for its turn; says whether it has it at once, and whether another copy of the
    /// same source is under way, to any destination.
    pub(super) fn join(&mut self, key: TurnKey, copy: CopyRef) -> (bool, bool) {
        let (volume, number, to) = key;
        let volume = index_usize(volume);
        if self.of_volume.len() <= volume {
            self.of_volume.resize_with(volume + 1, Vec::new);
        }
        let members = &mut self.of_volume[volume];
        let is_first = !members.iter().any(|member| member.has(key));
        let has_company = members.iter().any(|member| member.number == number);
        members.push(Member { number, to, copy });
        (is_first, has_company)
    }

    /// Whether no other copy comes before this one.
    pub(super) fn is_first(&self, key: TurnKey, copy: CopyRef) -> bool {
        let members = self.of_volume.get(index_usize(key.0));
        let mut members = members.into_iter().flatten();
        members.find(|member| member.has(key)).is_none_or(|first| first.copy == copy)
    }

    /// A copy is gone; returns the one whose turn it is now, where it was this one's.
    pub(super) fn leave(&mut self, key: TurnKey, copy: CopyRef) -> Option<CopyRef> {
        let members = &mut self.of_volume[index_usize(key.0)];
        let place = members.iter().position(|member| member.has(key) && member.copy == copy)?;
        let was_first = !members[..place].iter().any(|member| member.has(key));
        members.remove(place);
        let next = members[place..].iter().find(|member| member.has(key));
        next.filter(|_| was_first).map(|member| member.copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(idx: u32) -> CopyRef {
        CopyRef { idx, generation: 0 }
    }

    /// Copies 0, 2, and 3 are of snapshot 5 to place 1, in that order; 1 is of snapshot 6, and 4 of
    /// snapshot 5 to another place. When 0 goes it is 2's turn; 3 waits on when 4 goes; when 2 goes
    /// it is 3's.
    #[test]
    fn the_next_of_the_same_source_and_place_has_its_turn() {
        let (here, other, there) = ((7, 5, 1), (7, 6, 1), (7, 5, 2));
        let mut turns = Turns::default();
        assert_eq!(turns.join(here, copy(0)), (true, false));
        assert_eq!(turns.join(other, copy(1)), (true, false));
        assert_eq!(turns.join(here, copy(2)), (false, true));
        assert_eq!(turns.join(here, copy(3)), (false, true));
        assert_eq!(turns.join(there, copy(4)), (true, true));
        assert!(turns.is_first(here, copy(0)) && !turns.is_first(here, copy(2)));
        assert_eq!(turns.leave(here, copy(0)), Some(copy(2)));
        assert_eq!(turns.leave(there, copy(4)), None);
        assert_eq!(turns.leave(here, copy(2)), Some(copy(3)));
        assert_eq!((turns.leave(here, copy(3)), turns.leave(other, copy(1))), (None, None));
    }

    /// 0, 1, and 2 of one source: 1 was not first, so that nobody's turn begins when it goes.
    #[test]
    fn who_waits_may_go_and_nobody_moves_up() {
        let key = (0, 0, 0);
        let mut turns = Turns::default();
        (0..3).for_each(|idx| _ = turns.join(key, copy(idx)));
        assert_eq!(turns.leave(key, copy(1)), None);
        assert_eq!(turns.leave(key, copy(0)), Some(copy(2)));
        assert!(turns.is_first(key, copy(2)));
    }
}
