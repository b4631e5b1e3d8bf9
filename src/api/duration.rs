//! Which completion durations the provider takes (F1, F2, F24).

use super::{Parameter, PlaceOf, Refusal, Rule};
use crate::catalog::limit::{DURATION_MAX, DURATION_MIN, DURATION_STEP};
use crate::units::Span;

/// Whether a copy from one place to another may have this completion duration.
///
/// # Errors
/// When an end is a Local Zone or an Outpost (F24; the code is assumed, P-TB-EDGE-CODE), or the
/// duration is not 15 minutes to 48 hours in steps of 15 minutes (F1, F2).
pub fn duration(asked: Span, from: PlaceOf<'_>, to: PlaceOf<'_>) -> Result<(), Refusal> {
    at_edge(Rule::EdgeSourceDuration, from)?;
    at_edge(Rule::EdgeDuration, to)?;
    if is_step(asked) {
        return Ok(());
    }
    let message = format!(
        "`{asked}` is no completion duration: they go from {DURATION_MIN} to {DURATION_MAX} \
         in steps of {DURATION_STEP}"
    );
    Err(Refusal::new(Rule::Duration, None, message))
}

/// Refuses a duration by `rule` where the place is a Local Zone or an Outpost.
pub(super) fn at_edge(rule: Rule, place: PlaceOf<'_>) -> Result<(), Refusal> {
    let kind = match place {
        PlaceOf::Region { .. } => return Ok(()),
        PlaceOf::Outpost { .. } => "an Outpost",
        PlaceOf::LocalZone { .. } => "a Local Zone",
    };
    let message = format!(
        "copies from or to {kind} take no completion duration, and `{}` is one",
        place.name()
    );
    Err(Refusal::new(rule, None, message))
}

/// The duration of so many minutes, as requests have it.
///
/// # Errors
/// When it is none: below 15, above 2,880, or between two steps of 15.
pub(super) fn minutes(asked: i64, parameter: Parameter) -> Result<Span, Refusal> {
    let greatest = DURATION_MAX.whole_mins();
    let whole = u64::try_from(asked).ok().filter(|mins| *mins <= greatest);
    if let Some(span) = whole.map(Span::from_mins).filter(|span| is_step(*span)) {
        return Ok(span);
    }
    let (least, step) = (DURATION_MIN.whole_mins(), DURATION_STEP.whole_mins());
    let message = format!(
        "`{parameter}` is {asked}, and has to be from {least} to {greatest} minutes in steps of \
         {step}"
    );
    Err(Refusal::new(Rule::Duration, Some(parameter), message))
}

fn is_step(asked: Span) -> bool {
    let stepped = asked.round_up_to(DURATION_STEP) == asked;
    stepped && DURATION_MIN <= asked && asked <= DURATION_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ErrorCode;

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
