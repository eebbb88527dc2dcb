//! Answers to what applications ask.

use super::{Adapter, ItemWish, Named, Present, Reply, SetWish};
use crate::codec::nc_link::{
    Answer, Answered, AskedItem, Body, Fault, FaultKind, Kind, Outcome, Selection, Spellings, Unfit, Wanted, answers,
    asked_items, check, message_id, normalise, request, response, select, text_at, wanted,
};
use crate::codec::plain_json::{children, name};
use crate::codec::{Limits, Reading, Tape, umati_json};
use crate::finding::Finding;
use crate::model::{Scalar, StatusCode};
use std::cell::RefCell;

// Reasons that open implementations know.
const DENIED: &str = "Permission Denied";
const MISMATCH: &str = "Parameter Not Match";
const UNSUPPORTED: &str = "Unsupported Operation";
const UNKNOWN: &str = "Id Not Exists";
const NO_MEMORY: &str = "No Memory";
// Reasons of our own.
const NO_VALUE: &str = "No Usable Value";
const OTHER_VERSION: &str = "Version Not Match";

/// What a request may hold. A request for every item of a large machine has a few thousand values.
const REQUEST: Limits = Limits { bytes: 1 << 18, depth: 32, nodes: 20_000 };
/// An answer that is this long gives no more values.
const MOST_BYTES: usize = 1 << 20;

impl Adapter {
    /// What a set asks for, where it can be read and has items; a set that cannot is for [`Self::answer`].
    #[must_use]
    pub fn wished(&self, payload: &[u8]) -> Option<SetWish> {
        let asked = read(payload, &self.spellings).ok()?;
        let message = message_id(&asked)?.into_owned();
        let items: Vec<ItemWish> =
            asked_items(Kind::SetRequest, &asked).map(|item| self.item_wish(&item, &asked)).collect();
        let is_whole = check(Kind::SetRequest, &asked).is_empty() && !items.is_empty();
        is_whole.then_some(SetWish { message, items })
    }

    fn item_wish(&self, item: &AskedItem<'_>, asked: &Tape) -> ItemWish {
        let settable = match self.named(&item.id) {
            None => Err(UNKNOWN),
            Some(Named::Item(at)) => self.model.items.get(at).and_then(|item| item.settable.clone()).ok_or(DENIED),
            Some(_) => Err(UNSUPPORTED),
        };
        let params = item.params;
        let text = |name: &str| params.and_then(|at| member_text(asked, at, name));
        let is_whole = params.is_some_and(|at| {
            let mut named = children(asked, at).map(|(_, node)| name(asked, node));
            named.all(|name| matches!(&*name, "operation" | "value"))
        });
        let value = params.and_then(|at| children(asked, at).find(|(_, node)| name(asked, node) == "value"));
        let wish = settable.and_then(|path| match (text("operation").as_deref(), value, is_whole) {
            // A part of a value is nothing that one entry could bound.
            (None | Some("" | "set_value"), Some((_, node)), true) => Ok((path, asked.json_of(node).to_owned())),
            (Some("add" | "delete"), ..) => Err(UNSUPPORTED),
            _ => Err(MISMATCH),
        });
        let params = params.and_then(|at| asked.nodes().get(at as usize)).map(|node| asked.json_of(node).to_owned());
        ItemWish { id: item.id.to_string(), params, wish }
    }

    /// Writes the answer to a set: for each item, in order, why it was not done, if it was not.
    pub fn set_answer<'r>(tape: &mut Tape, set: &SetWish, reasons: impl IntoIterator<Item = Option<&'r str>>) {
        tape.clear();
        let params: Vec<Option<Tape>> = set
            .items
            .iter()
            .map(|item| item.params.as_ref().and_then(|params| Tape::parse(params.as_bytes(), REQUEST).ok()))
            .collect();
        let each = set.items.iter().zip(&params).zip(reasons).map(|((item, params), reason)| Answer {
            id: &item.id,
            outcome: reason.map_or(Outcome::Ok, Outcome::Ng),
            params: params.as_ref().map(|params| (params, 0)),
        });
        answers(tape, &set.message, Answered::Set, each, |_, _| {});
    }

    /// Answers a message that came for the device, over what the tape held. What has no answer leaves the tape empty.
    pub fn answer(&self, kind: Kind, payload: &[u8], present: &Present<'_>, answer: &mut Tape) -> Reply {
        answer.clear();
        let mut reply = Reply::default();
        let Some(answered) = answer_to(kind) else { return reply };
        let place = || format!("{}/{}", kind.topic(), self.guid());
        let asked = match read(payload, &self.spellings) {
            Ok(asked) => asked,
            Err(error) => {
                let finding = Finding::warning("QIAO-V270", place()).with("machine", self.guid());
                reply.findings.push(finding.with("reason", error));
                return reply;
            }
        };
        let mut faults = check(kind, &asked);
        let id = message_id(&asked);
        if id.is_none() && kind != Kind::RegisterResponse {
            faults.insert(0, Fault { pointer: "/@id".to_owned(), what: FaultKind::Missing });
        }
        let list = match kind {
            Kind::QueryRequest => Some("/ids/0"),
            Kind::SetRequest => Some("/values/0"),
            _ => None,
        };
        // A question for nothing has no answer that the schema knows.
        let nothing = list.filter(|_| asked_items(kind, &asked).next().is_none());
        faults.extend(nothing.map(|first| Fault { pointer: first.to_owned(), what: FaultKind::Missing }));
        reply.findings.extend(faults.iter().take(1).map(|fault| fault.finding(place())));
        if kind == Kind::RegisterResponse {
            if faults.is_empty() {
                self.registered(&asked, &mut reply);
            }
            return reply;
        }
        let Some(id) = id else { return reply };
        reply.kind = Some(answered);
        if !faults.is_empty() && kind != Kind::ProbeSetRequest {
            response(answer, &id, Outcome::Ng(MISMATCH), Body::Nothing);
            return reply;
        }
        match kind {
            Kind::Ping => request(answer, &id, Body::Nothing),
            Kind::VersionRequest => self.version_checked(&id, &asked, answer),
            Kind::ProbeQueryRequest => {
                let write = &mut |tape: &mut Tape| self.write_model(tape, Some(present));
                response(answer, &id, Outcome::Ok, Body::Probe(write));
            }
            Kind::QueryRequest => self.queried(&id, &asked, present, answer),
            Kind::SetRequest => self.set(&id, &asked, answer),
            // The model says what the machine has; nobody else knows better.
            _ => response(answer, &id, Outcome::Ng(DENIED), Body::Nothing),
        }
        reply
    }

    fn registered(&self, asked: &Tape, reply: &mut Reply) {
        reply.is_registered = text_at(asked, "/code").as_deref() == Some("OK");
        if !reply.is_registered {
            let reason = text_at(asked, "/reason").unwrap_or_default();
            let finding = Finding::warning("QIAO-V272", self.guid()).with("machine", self.guid());
            reply.findings.push(finding.with("reason", reason));
        }
    }

    fn version_checked(&self, id: &str, asked: &Tape, answer: &mut Tape) {
        let version = text_at(asked, "/version").filter(|version| !version.is_empty());
        let is_ours = version.is_none_or(|version| version == self.version());
        let outcome = if is_ours { Outcome::Ok } else { Outcome::Ng(OTHER_VERSION) };
        response(answer, id, outcome, Body::Version(self.version()));
    }

    fn queried(&self, id: &str, asked: &Tape, present: &Present<'_>, answer: &mut Tape) {
        // Values are written aside first: whether they can be decides the answer that stands before them.
        let aside = RefCell::new(Aside::default());
        let items: Vec<AskedItem<'_>> = asked_items(Kind::QueryRequest, asked).collect();
        let reasons: Vec<Option<String>> = items.iter().map(|item| self.refusal(item, asked, present)).collect();
        let each = items.iter().zip(&reasons).map(|(item, reason)| {
            let aside = &mut *aside.borrow_mut();
            let outcome = match reason {
                Some(reason) => Outcome::Ng(reason),
                None if aside.used > MOST_BYTES => Outcome::Ng(NO_MEMORY),
                None => self.values(item, asked, present, aside).map_or_else(Outcome::Ng, |()| Outcome::Ok),
            };
            aside.used += aside.values.as_str().len();
            Answer { id: &item.id, outcome, params: item.params.map(|params| (asked, params)) }
        });
        answers(answer, id, Answered::Query, each, |tape, _| {
            let values = &aside.borrow().values;
            children(values, 0).for_each(|(at, _)| tape.copy(values, at));
        });
    }

    /// Why an item gets no value; `None`: it may get one.
    fn refusal(&self, item: &AskedItem<'_>, asked: &Tape, present: &Present<'_>) -> Option<String> {
        let wanted = wanted(asked, item.params);
        let named = match (self.named(&item.id), &wanted) {
            (None, _) => return Some(UNKNOWN.to_owned()),
            (Some(Named::Structure), _) => return Some(UNSUPPORTED.to_owned()),
            (Some(_), Err(unfit)) => return Some(reason(*unfit).to_owned()),
            (Some(named), _) => named,
        };
        let (Named::Item(at), false) = (named, wanted == Ok(Wanted::Attributes)) else { return None };
        let field = self.model.items.get(at)?.field;
        match usable(present, field) {
            Ok(_) => None,
            Err(status) => {
                let symbol = status.symbol().map_or_else(|| format!("0x{:08X}", status.0), str::to_owned);
                Some(format!("{NO_VALUE}: {symbol}"))
            }
        }
    }

    /// Writes the array of values that answers for an item, or says why there is none.
    fn values(
        &self,
        item: &AskedItem<'_>,
        asked: &Tape,
        present: &Present<'_>,
        aside: &mut Aside,
    ) -> Result<(), &'static str> {
        let Aside { whole, values, .. } = aside;
        whole.clear();
        values.clear();
        let mut wanted = wanted(asked, item.params).map_err(reason)?;
        let named = self.named(&item.id).ok_or(UNKNOWN)?;
        if wanted == Wanted::Attributes {
            self.model.write_attributes(whole, named);
            wanted = Wanted::Value(Selection::Whole);
        } else {
            match named {
                Named::Channel(at) => self.model.channel_value(whole, at),
                Named::Item(at) => {
                    let field = self.model.items.get(at).map_or(u32::MAX, |item| item.field);
                    let reading = usable(present, field).map_err(|_| NO_VALUE)?;
                    umati_json::value(whole, &reading).map_err(|_| NO_VALUE)?;
                }
                Named::Structure => return Err(UNSUPPORTED),
            }
        }
        select(whole, &wanted, MOST_BYTES, values).map_err(reason)
    }

    fn set(&self, id: &str, asked: &Tape, answer: &mut Tape) {
        let items: Vec<AskedItem<'_>> = asked_items(Kind::SetRequest, asked).collect();
        let each = items.iter().map(|item| {
            let reason = if self.named(&item.id).is_none() { UNKNOWN } else { DENIED };
            Answer { id: &item.id, outcome: Outcome::Ng(reason), params: item.params.map(|params| (asked, params)) }
        });
        answers(answer, id, Answered::Set, each, |_, _| {});
    }
}

/// The text of a member.
fn member_text(tape: &Tape, object: u32, wanted: &str) -> Option<String> {
    let (at, _) = children(tape, object).find(|(_, node)| name(tape, node) == wanted)?;
    tape.nodes().get(at as usize).map(|node| tape.text_of(node).to_owned())
}

/// The kind of message that answers one; of a registration's answer nothing comes back.
fn answer_to(kind: Kind) -> Option<Kind> {
    Some(match kind {
        Kind::VersionRequest => Kind::VersionResponse,
        Kind::ProbeQueryRequest => Kind::ProbeQueryResponse,
        Kind::ProbeSetRequest => Kind::ProbeSetResponse,
        Kind::QueryRequest => Kind::QueryResponse,
        Kind::SetRequest => Kind::SetResponse,
        Kind::Ping => Kind::Pong,
        Kind::RegisterResponse => Kind::RegisterResponse,
        _ => return None,
    })
}

/// The message in one spelling.
fn read(payload: &[u8], spellings: &Spellings) -> Result<Tape, String> {
    let raw = Tape::parse(payload, REQUEST).map_err(|error| error.to_string())?;
    let mut asked = Tape::new();
    normalise(&raw, &mut asked, spellings, &mut Vec::new());
    match asked.fault() {
        Some(fault) => Err(fault.to_string()),
        None => Ok(asked),
    }
}

/// Where an answer's values are written before it is known whether there are any.
#[derive(Default)]
struct Aside {
    whole: Tape,
    /// An array of them.
    values: Tape,
    /// Bytes of values that stand in the answer already.
    used: usize,
}

fn reason(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Operation => UNSUPPORTED,
        Unfit::Parameters => MISMATCH,
        Unfit::TooLong => NO_MEMORY,
    }
}

/// What a field holds, where a reader may take it for the present; else the status that says why not.
pub(super) fn usable<'a>(present: &Present<'a>, field: u32) -> Result<Reading<'a>, StatusCode> {
    if present.is_lost {
        return Err(StatusCode::BAD_NO_COMMUNICATION);
    }
    let bound = present.layout.fields().get(field as usize).ok_or(StatusCode::BAD)?;
    let reading = present.image.reading(field, bound).ok_or(StatusCode::BAD)?;
    if reading.status.is_bad() {
        return Err(reading.status);
    }
    // Left out because it breaks the schema or does not leave; null is no value either.
    if present.image.is_left_out(field) || matches!(reading.scalar, Scalar::Null) {
        return Err(StatusCode::BAD);
    }
    Ok(reading)
}
