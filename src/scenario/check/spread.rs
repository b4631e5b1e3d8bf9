//! Distributions: the table as written becomes the distribution of the model.

use super::Notes;
use crate::rng::Distribution;
use crate::scenario::file::{Amount, Spread, SpreadTable};
use crate::scenario::problem::listed;
use crate::scenario::tree::Found;
use crate::scenario::value::{At, Either, Raw, Spelled};

/// Most values of a distribution that is given by its values.
const VALUES_MAX: usize = 1_000_000;

type Made = Result<Distribution, crate::rng::BadParameter>;

/// The distribution that is written at `key`; draws are never negative, shares never above 1.
pub(super) fn read<T: Amount + Spelled>(
    key: &str,
    spread: &Spread<T>,
    notes: &mut Notes<'_>,
) -> Option<Distribution> {
    match &spread.value {
        Either::Plain(value) => Some(Distribution::Constant(value.number())),
        Either::Compound(table) => {
            let inner = family(key, table, spread, notes)?;
            let number = |at: &Option<At<T>>| at.as_ref().map(|at| at.value.number());
            let (mut min, mut max) = (number(&table.min), number(&table.max));
            let (low, high) = inner.support();
            if low < 0.0 {
                min = Some(min.unwrap_or(0.0));
            }
            if T::IS_SHARE && 1.0 < high {
                max = Some(max.unwrap_or(1.0).min(1.0));
            }
            said(key, spread, inner.clamped(min, max), notes)
        }
    }
}

/// The distribution, or what is wrong with its parameters, which are numbers in base units there.
fn said<T: Amount>(
    key: &str,
    spread: &Spread<T>,
    made: Made,
    notes: &mut Notes<'_>,
) -> Option<Distribution> {
    made.map_err(|bad| {
        let help = format!("in {}", T::UNIT);
        notes.wrong(Found::new(key, spread.span.clone(), bad.to_string()).help(help));
    })
    .ok()
}

/// Names of the families that a table has.
fn families<T>(table: &SpreadTable<T>) -> Vec<&'static str> {
    let all = [
        ("uniform", table.uniform.is_some()),
        ("triangular", table.triangular.is_some()),
        ("exponential", table.exponential.is_some()),
        ("lognormal", table.lognormal.is_some()),
        ("normal", table.normal.is_some()),
        ("gamma", table.gamma.is_some()),
        ("beta", table.beta.is_some()),
        ("weibull", table.weibull.is_some()),
        ("pareto", table.pareto.is_some()),
        ("values", table.values.is_some()),
        ("file", table.file.is_some()),
        ("mixture", table.mixture.is_some()),
    ];
    all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
}

fn family<T: Amount + Spelled>(
    key: &str,
    table: &SpreadTable<T>,
    spread: &Spread<T>,
    notes: &mut Notes<'_>,
) -> Option<Distribution> {
    let names = families(table);
    let [name] = names.as_slice() else {
        let (message, help) = if names.is_empty() {
            let help = "name one: `uniform`, `lognormal`, `exponential`, `values`, …".to_owned();
            ("the distribution has no family".to_owned(), help)
        } else {
            let message =
                format!("the distribution has several families: {}", listed(names, "and"));
            (message, "several together are a `mixture`".to_owned())
        };
        notes.wrong(Found::new(key, spread.span.clone(), message).help(help));
        return None;
    };
    let key = format!("{key}.{name}");
    match *name {
        "values" => said(&key, spread, given(table), notes),
        "file" => {
            let values = from_file::<T>(&key, table.file.as_ref()?, notes)?;
            said(&key, spread, Distribution::empirical(values), notes)
        }
        "mixture" => {
            let mut parts = Vec::new();
            for (at, part) in table.mixture.iter().flatten().enumerate() {
                let weight = part.weight.as_ref().map_or(1.0, |at| at.value);
                parts.push((weight, read(&format!("{key}[{at}].of"), part.of.as_ref()?, notes)?));
            }
            said(&key, spread, Distribution::mixture(parts), notes)
        }
        "beta" if !T::IS_SHARE => {
            let message = "a beta distribution goes from 0 to 1: it is for shares";
            notes.wrong(Found::new(key, spread.span.clone(), message));
            None
        }
        "lognormal" => lognormal(&key, table, spread, notes),
        _ => said(&key, spread, plain(table)?, notes),
    }
}

fn given<T: Amount>(table: &SpreadTable<T>) -> Made {
    Distribution::empirical(table.values.iter().flatten().map(|at| at.value.number()).collect())
}

/// The families whose parameters are all required; `None` where one is missing.
fn plain<T: Amount>(table: &SpreadTable<T>) -> Option<Made> {
    let q = |at: &Option<At<T>>| at.as_ref().map(|at| at.value.number());
    let f = |at: &Option<At<f64>>| at.as_ref().map(|at| at.value);
    let made = if let Some(of) = &table.uniform {
        Distribution::uniform(q(&of.low)?, q(&of.high)?)
    } else if let Some(of) = &table.triangular {
        Distribution::triangular(q(&of.low)?, q(&of.mode)?, q(&of.high)?)
    } else if let Some(of) = &table.exponential {
        Distribution::exponential(q(&of.mean)?)
    } else if let Some(of) = &table.normal {
        Distribution::normal(q(&of.mean)?, q(&of.sd)?)
    } else if let Some(of) = &table.gamma {
        Distribution::gamma(f(&of.shape)?, q(&of.scale)?)
    } else if let Some(of) = &table.beta {
        Distribution::beta(f(&of.alpha)?, f(&of.beta)?)
    } else if let Some(of) = &table.weibull {
        Distribution::weibull(q(&of.scale)?, f(&of.shape)?)
    } else {
        let of = table.pareto.as_ref()?;
        match &of.most {
            Some(most) => {
                Distribution::bounded_pareto(q(&of.least)?, most.value.number(), f(&of.shape)?)
            }
            None => Distribution::pareto(q(&of.least)?, f(&of.shape)?),
        }
    };
    Some(made)
}

fn lognormal<T: Amount>(
    key: &str,
    table: &SpreadTable<T>,
    spread: &Spread<T>,
    notes: &mut Notes<'_>,
) -> Option<Distribution> {
    let of = table.lognormal.as_ref()?;
    let median = of.median.as_ref()?.value.number();
    let made = match (&of.sigma, &of.p95) {
        (Some(sigma), None) => Distribution::lognormal(median, sigma.value),
        (None, Some(p95)) => Distribution::lognormal_by_p95(median, p95.value.number()),
        (None, None) | (Some(_), Some(_)) => {
            let message = "besides `median`, a lognormal has either `sigma` or `p95`";
            notes.wrong(Found::new(key, spread.span.clone(), message));
            return None;
        }
    };
    said(key, spread, made, notes)
}

/// Values of a CSV file with one column; a first line that is no value is its header.
fn from_file<T: Amount + Spelled>(
    key: &str,
    file: &At<String>,
    notes: &mut Notes<'_>,
) -> Option<Vec<f64>> {
    let bytes = notes.read(key, &file.value, file.span.clone())?;
    let Ok(text) = String::from_utf8(bytes) else {
        notes.input(key, &file.value, (None, None), "the file is no text (UTF-8)".to_owned());
        return None;
    };
    let before = notes.input_problems.len();
    let mut values = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    for (line, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty()) {
        let cell = row.trim().trim_matches('"');
        match T::read(&Raw::Text(cell.to_owned())) {
            Ok(value) => values.push(value.number()),
            Err(_) if line == 1 && !cell.starts_with(|c: char| c.is_ascii_digit()) => {}
            Err(why) => notes.input(key, &file.value, (Some(line), None), why),
        }
        if VALUES_MAX < values.len() {
            let message = format!("the file has more than {VALUES_MAX} values");
            notes.input(key, &file.value, (None, None), message);
            return None;
        }
    }
    (before == notes.input_problems.len()).then_some(values)
}
