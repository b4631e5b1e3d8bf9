//! An explanation as JSON, in one line.

use serde_json::{Value, json};

use super::{Asked, Seen};
use crate::api::Refusal;
use crate::catalog::fact;
use crate::explain::{Answer, Copied, CopiedSnapshot, Explanation, Extent, Key, Price};
use crate::units::Span;

/// The whole answer.
pub(super) fn line(explanation: &Explanation, asked: &Asked) -> String {
    let facts = fact::named(&explanation.marks());
    let facts = facts.iter().map(|fact| {
        json!({
            "mark": fact.mark,
            "status": fact.standing,
            "text": fact.text,
            "sources": fact.sources.iter().map(|(_, url)| url).collect::<Vec<_>>(),
        })
    });
    let mut document = json!({
        "answer": explanation.answer.to_string(),
        "is_made": explanation.is_made(),
        "action": explanation.action.name(),
        "region": explanation.region,
        "source": explanation.source,
        "dry_run": explanation.dry_run.as_ref().map(error),
        "error": Value::Null,
        "copy": Value::Null,
        "taken": explanation.taken,
        "facts": facts.collect::<Vec<_>>(),
    });
    match &explanation.answer {
        Answer::Refused(refusal) => document["error"] = error(refusal),
        Answer::Allowed(copied) => document["copy"] = copy(copied),
    }
    if let Some(seen) = &asked.seen {
        document["recorded_error"] = match seen {
            Seen::Accepted => Value::Null,
            Seen::Refused(code) => json!(code),
        };
    }
    asked.named(&format!("{document}\n"))
}

fn error(refusal: &Refusal) -> Value {
    json!({
        "code": refusal.code.as_str(),
        "http_status": refusal.http_status(),
        "parameter": refusal.parameter.map(crate::api::Parameter::name),
        "message": refusal.message,
        "marks": refusal.rule.info().facts,
        "status": refusal.status().name(),
        "code_status": refusal.code_status().name(),
    })
}

fn copy(copied: &Copied) -> Value {
    let pace = &copied.pace;
    json!({
        "from": copied.from,
        "to": copied.to,
        "fails": copied.fails.as_ref().map(|fails| &fails.said),
        "snapshots": copied.snapshots.iter().map(snapshot).collect::<Vec<_>>(),
        "duration_s": pace.duration.map(Span::secs),
        "least_duration_s": pace.least.map(Span::secs),
        "can_be_timed": pace.can_be_timed,
        "required_bytes_per_s": pace.timed.map(|timed| timed.required.get()),
        "granted_bytes_per_s": pace.timed.map(|timed| timed.granted.get()),
        "takes_s": pace.timed.map(|timed| timed.takes.secs()),
        "is_late": pace.timed.map(|timed| timed.short_of.is_some()),
        "prices": copied.prices.iter().map(price).collect::<Vec<_>>(),
    })
}

fn snapshot(one: &CopiedSnapshot) -> Value {
    let (encryption, key) = match &one.encryption.said {
        Key::Plain => ("none", None),
        Key::Given(key) => ("given", Some(key.as_str())),
        Key::Configured(key) => ("default", Some(key.as_str())),
        Key::Managed => ("managed", Some("alias/aws/ebs")),
        Key::Source(key) => ("source", Some(key.as_str())),
    };
    json!({
        "id": one.id,
        "extent": match one.extent.said {
            Extent::Full => "full",
            Extent::Incremental => "incremental",
            Extent::Nothing => "nothing",
        },
        "full_bytes": one.full.map(crate::units::Bytes::get),
        "moved_bytes": one.bytes.map(crate::units::Bytes::get),
        "encryption": encryption,
        "key": key,
    })
}

fn price(price: &Price) -> Value {
    let list = price.list.iter().map(|listed| {
        json!({
            "of": listed.of,
            "usd_per_gb": listed.known.then(|| listed.per_gb.as_f64()),
            "status": listed.standing(),
            "source": listed.source,
            "date": listed.date,
        })
    });
    json!({
        "part": price.part.name(),
        "usd": price.usd.map(crate::units::Usd::as_f64),
        "prices": list.collect::<Vec<_>>(),
    })
}
