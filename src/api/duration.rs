//! Which completion durations the provider takes (F1, F2, F24).

use super::{PlaceOf, Refusal};
use crate::catalog::ErrorCode;
use crate::catalog::limit::{DURATION_MAX, DURATION_MIN, DURATION_STEP};
use crate::units::Span;

/// Whether a copy from one place to another may have this completion duration.
///
/// # Errors
/// When an end is a Local Zone or an Outpost (F24; the code is assumed, P-TB-EDGE-CODE), or the
/// duration is not 15 minutes to 48 hours in steps of 15 minutes (F1, F2).
pub fn duration(asked: Span, from: PlaceOf<'_>, to: PlaceOf<'_>) -> Result<(), Refusal> {
    if let Some(edge) = [from, to].into_iter().find(|place| !place.is_region()) {
        let kind = match edge {
            PlaceOf::Outpost { .. } => "an Outpost",
            PlaceOf::LocalZone { .. } | PlaceOf::Region { .. } => "a Local Zone",
        };
        return Err(Refusal {
            code: ErrorCode::InvalidParameterCombination,
            rule: "F24, P-TB-EDGE-CODE",
            message: format!(
                "copies from or to {kind} take no completion duration, and `{}` is one",
                edge.name()
            ),
        });
    }
    let stepped = asked.round_up_to(DURATION_STEP) == asked;
    if stepped && DURATION_MIN <= asked && asked <= DURATION_MAX {
        return Ok(());
    }
    Err(Refusal {
        code: ErrorCode::InvalidParameterValue,
        rule: "F1, F2",
        message: format!(
            "`{asked}` is no completion duration: they go from {DURATION_MIN} to {DURATION_MAX} \
             in steps of {DURATION_STEP}"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: PlaceOf<'_> = PlaceOf::Region { name: "eu-west-1", partition: "aws" };
    const ZONE: PlaceOf<'_> = PlaceOf::LocalZone { name: "us-west-2-lax-1a", parent: "us-west-2" };

    fn code(minutes: u64) -> Option<ErrorCode> {
        duration(Span::from_mins(minutes), HERE, HERE).err().map(|refusal| refusal.code)
    }

    /// TV6, TV7, TV16: 15 and 2,880 are taken; 0, 1, 16, 20, and 2,881 are not.
    #[test]
    fn tv6_tv7_tv16_durations_are_steps_of_a_quarter_hour() {
        for minutes in [15, 30, 2880] {
            assert_eq!(code(minutes), None, "{minutes}");
        }
        for minutes in [0, 1, 16, 20, 2881, 2895] {
            assert_eq!(code(minutes), Some(ErrorCode::InvalidParameterValue), "{minutes}");
        }
    }

    #[test]
    fn an_edge_takes_none_on_either_side() {
        for (from, to) in [(HERE, ZONE), (ZONE, HERE)] {
            let refusal = duration(Span::from_mins(15), from, to).unwrap_err();
            assert_eq!(refusal.code, ErrorCode::InvalidParameterCombination);
        }
    }
}
