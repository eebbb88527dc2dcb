//! What commands ask of the server, over the session of its link: nodes are looked at, a value is written, a method is
//! called. Each is done once and answered, whatever becomes of the link.
//!
//! Only the attribute Value is written, without status or times (OPC 10000-4 §5.11.4: many servers take no others). An
//! answer that a server may give although the machine did it, or none at all, is *unknown*.

use super::browse::{Browser, ReferenceQuery};
use super::data_type::DataTypes;
use super::decode::Decoder;
use super::encode::variant;
use super::limits::ServerLimits;
use super::namespace::Namespaces;
use super::read;
use crate::guard::Value;
use crate::model::{Batch, BuiltInType};
use crate::port::machine::{Ask, Done, Failed, Looked};
use ::opcua::client::services::{Call, Write};
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{
    Argument, AttributeId, BinaryEncodable, CallMethodRequest, DataValue, Error, NodeId, QualifiedName, ReadValueId,
    ReferenceTypeId, StatusCode, Variant, WriteValue,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// What carrying out needs; of one session.
#[derive(Clone)]
pub(super) struct Operator {
    pub(super) session: Arc<Session>,
    pub(super) limits: Arc<ServerLimits>,
    pub(super) namespaces: Arc<Namespaces>,
    pub(super) types: Arc<DataTypes>,
}

/// Attributes that say what a node is like.
const ASPECTS: [AttributeId; 5] = [
    AttributeId::DataType,
    AttributeId::ValueRank,
    AttributeId::AccessLevel,
    AttributeId::UserAccessLevel,
    AttributeId::UserExecutable,
];
/// OPC 10000-3 §8.57.
const CURRENT_WRITE: u8 = 2;
/// OPC 10000-3 §5.6.2.
const SCALAR_RANK: i32 = -1;
const ANY_RANK: i32 = -2;
/// Properties of a method that are looked at.
const REFERENCES_MAX: usize = 100;

impl Operator {
    /// Carries out what is asked, and answers.
    pub(super) async fn carry_out(self, ask: Ask) {
        // Whoever asked may have gone.
        match ask {
            Ask::Look { nodes, answer } => drop(answer.send(self.look(&nodes).await)),
            Ask::Write { until, answer, .. } | Ask::Call { until, answer, .. } if until < Instant::now() => {
                drop(answer.send(Done::NotSent(failed(StatusCode::BadTimeout, "it is too late for it"))));
            }
            Ask::Write { node, value, within, answer, .. } => {
                drop(answer.send(self.write(&node, &value, within).await));
            }
            Ask::Call { object, method, arguments, within, answer, .. } => {
                drop(answer.send(self.call(&object, &method, &arguments, within).await));
            }
        }
    }

    fn node(&self, text: &str) -> Result<NodeId, Failed> {
        self.namespaces.resolve(text).map_err(|error| failed(StatusCode::BadNodeIdUnknown, error.to_string()))
    }

    async fn look(&self, nodes: &[String]) -> Result<Vec<Looked>, Failed> {
        let nodes = nodes.iter().map(|node| self.node(node)).collect::<Result<Vec<_>, _>>()?;
        let stop = CancellationToken::new();
        let browser = Browser { session: &self.session, limits: &self.limits, stop: &stop, references_max: 1 };
        let of_error = |error: Error| failed(error.status(), error.to_string());
        let ask = |node: &NodeId| ASPECTS.map(|aspect| ReadValueId::new(node.clone(), aspect));
        let questions: Vec<ReadValueId> = nodes.iter().flat_map(ask).collect();
        let aspects = read::read_all(&browser, &questions).await.map_err(of_error)?;
        // The value last: it is to be as new as possible.
        let values = read::read_values(&browser, &nodes).await.map_err(of_error)?;
        let each = aspects.chunks_exact(ASPECTS.len()).zip(values);
        let mut looked: Vec<Looked> = each.map(|(aspects, value)| self.looked(aspects, &value)).collect();
        for (node, looked) in nodes.iter().zip(&mut looked).filter(|(_, looked)| looked.is_callable) {
            looked.kinds = self.arguments(&browser, node).await.map_err(of_error)?;
        }
        Ok(looked)
    }

    fn looked(&self, aspects: &[DataValue], value: &[u8]) -> Looked {
        let mut batch = Batch::default();
        let mut decoder = Decoder::new(Arc::clone(&self.namespaces), Arc::clone(&self.types));
        decoder.sample(0, value, &mut batch);
        let sample = batch.samples.first().copied();
        let status = sample.map_or(StatusCode::BadUnexpectedError.bits(), |sample| sample.status);
        let value = sample
            .filter(|_| !StatusCode::from(status).is_bad())
            .map(|sample| Value { scalar: sample.scalar, arena: std::mem::take(&mut batch.arena) });
        let aspect = |at: usize| aspects.get(at).and_then(|aspect| aspect.value.as_ref());
        let may_write = |at| matches!(aspect(at), Some(Variant::Byte(level)) if level & CURRENT_WRITE != 0);
        let data_type = match aspect(0) {
            Some(Variant::NodeId(node)) => Some(&**node),
            _ => None,
        };
        let rank = match aspect(1) {
            Some(Variant::Int32(rank)) => *rank,
            _ => ANY_RANK,
        };
        let kind = data_type.and_then(|node| self.kind(node, rank, None, value.as_ref()));
        let is_callable = matches!(aspect(4), Some(Variant::Boolean(true)));
        Looked {
            status,
            value,
            kinds: kind.into_iter().collect(),
            is_there: data_type.is_some() || aspect(4).is_some(),
            is_writable: may_write(2) && may_write(3),
            is_callable,
        }
    }

    /// What a data type and a value rank (OPC 10000-3 §5.6.2) come to. Where a server leaves open what it is, it is what
    /// the value that is there is.
    fn kind(
        &self,
        data_type: &NodeId,
        rank: i32,
        dimensions: Option<&[u32]>,
        value: Option<&Value>,
    ) -> Option<(BuiltInType, Vec<u32>)> {
        let there = value.and_then(Value::shape);
        let kind = match (self.types.built_in(data_type)?, &there) {
            (BuiltInType::Variant, Some((kind, _))) => *kind,
            (kind, _) => kind,
        };
        let dimensions = match usize::try_from(rank) {
            Err(_) if rank == SCALAR_RANK => Vec::new(),
            Ok(rank @ 1..) => {
                dimensions.filter(|known| known.len() == rank).map_or_else(|| vec![0; rank], <[u32]>::to_vec)
            }
            _ => there.map(|(_, dimensions)| dimensions).unwrap_or_default(),
        };
        Some((kind, dimensions))
    }

    /// Types of a method's arguments, from its property `InputArguments` (OPC 10000-3 §5.7).
    async fn arguments(&self, browser: &Browser<'_>, method: &NodeId) -> Result<Vec<(BuiltInType, Vec<u32>)>, Error> {
        let query = ReferenceQuery { reference_type: ReferenceTypeId::HasProperty, ..ReferenceQuery::children() };
        let browser = Browser { references_max: REFERENCES_MAX, ..*browser };
        let answers = browser.references(std::slice::from_ref(method), query).await?;
        let is_it = |name: &QualifiedName| name.namespace_index == 0 && name.name.as_ref() == "InputArguments";
        let found = answers.iter().flat_map(|answer| &answer.found).find(|property| is_it(&property.browse_name));
        let Some(property) = found.and_then(|property| self.namespaces.local(&property.node_id)) else {
            return Ok(Vec::new());
        };
        let values = read::read_all(&browser, &[ReadValueId::new_value(property)]).await?;
        let Some(Variant::Array(array)) = values.into_iter().next().and_then(|value| value.value) else {
            return Ok(Vec::new());
        };
        let argument = |value: &Variant| match value {
            Variant::ExtensionObject(object) => object.inner_as::<Argument>().and_then(|argument| {
                self.kind(&argument.data_type, argument.value_rank, argument.array_dimensions.as_deref(), None)
            }),
            _ => None,
        };
        // One that cannot be read fits no rule.
        Ok(array.values.iter().map(|value| argument(value).unwrap_or((BuiltInType::Null, Vec::new()))).collect())
    }

    async fn write(&self, node: &str, value: &Value, within: Duration) -> Done {
        let node_id = match self.node(node) {
            Ok(node) => node,
            Err(failed) => return Done::NotSent(failed),
        };
        let Some(value) = variant(value) else { return Done::NotSent(not_encodable()) };
        let value = DataValue { value: Some(value), ..DataValue::null() };
        let item = WriteValue { node_id, attribute_id: AttributeId::Value as u32, value, ..WriteValue::default() };
        let answer = Write::new(&self.session).nodes_to_write(vec![item]).timeout(within);
        match answer.send(self.session.channel()).await {
            Err(error) => of_call(&error),
            Ok(answer) => match answer.results.as_deref() {
                Some([status]) => of_operation(*status, String::new(), Vec::new()),
                _ => Done::Unknown(failed(StatusCode::BadUnknownResponse, "not one result for one value")),
            },
        }
    }

    async fn call(&self, object: &str, method: &str, arguments: &[Value], within: Duration) -> Done {
        let (object_id, method_id) = match (self.node(object), self.node(method)) {
            (Ok(object), Ok(method)) => (object, method),
            (Err(failed), _) | (_, Err(failed)) => return Done::NotSent(failed),
        };
        let Some(arguments) = arguments.iter().map(variant).collect::<Option<Vec<_>>>() else {
            return Done::NotSent(not_encodable());
        };
        let request = CallMethodRequest { object_id, method_id, input_arguments: Some(arguments) };
        let answer = Call::new(&self.session).method(request).timeout(within);
        let result = match answer.send(self.session.channel()).await {
            Err(error) => return of_call(&error),
            Ok(answer) => answer.results.and_then(|results| results.into_iter().next()),
        };
        let Some(result) = result else {
            return Done::Unknown(failed(StatusCode::BadUnknownResponse, "no result for the call"));
        };
        let bad = result.input_argument_results.iter().flatten().enumerate().find(|(_, status)| status.is_bad());
        let reason = bad.map_or_else(String::new, |(at, status)| format!("argument {}: {status}", at + 1));
        let outputs = result.output_arguments.unwrap_or_default();
        of_operation(result.status_code, reason, outputs.iter().map(|output| self.output(output)).collect())
    }

    /// Through the bytes: there is one way to read a value.
    fn output(&self, output: &Variant) -> Value {
        let context = self.session.encoding_context().read();
        let value = DataValue { value: Some(output.clone()), ..DataValue::null() };
        let bytes = value.encode_to_vec(&context.context());
        let mut batch = Batch::default();
        Decoder::new(Arc::clone(&self.namespaces), Arc::clone(&self.types)).sample(0, &bytes, &mut batch);
        let scalar = batch.samples.first().map_or(crate::model::Scalar::Null, |sample| sample.scalar);
        Value { scalar, arena: batch.arena }
    }
}

pub(super) fn failed(status: StatusCode, reason: impl Into<String>) -> Failed {
    Failed { status: status.bits(), reason: reason.into() }
}

fn not_encodable() -> Failed {
    failed(StatusCode::BadTypeMismatch, "the value has no form in OPC UA")
}

/// What a result says (OPC 10000-4 §5.11.4.4, §5.12.2.4).
fn of_operation(status: StatusCode, reason: String, outputs: Vec<Value>) -> Done {
    let code = StatusCode::from(status.bits() & 0xFFFF_0000);
    if code == StatusCode::GoodCompletesAsynchronously {
        return Done::Unknown(failed(status, reason));
    }
    if status.is_good() {
        return Done::Did { status: status.bits(), outputs };
    }
    if is_definite(code) { Done::Refused(failed(status, reason)) } else { Done::Unknown(failed(status, reason)) }
}

/// What the failure of a whole call says.
fn of_call(error: &Error) -> Done {
    let code = StatusCode::from(error.status().bits() & 0xFFFF_0000);
    let failed = failed(error.status(), error.to_string());
    if is_definite(code) { Done::Refused(failed) } else { Done::Unknown(failed) }
}

/// Whether a server that says so has not passed it on to the machine. Everything else, a time-out, a lost connection, a
/// fault inside the server, may come after the deed.
fn is_definite(code: StatusCode) -> bool {
    [
        StatusCode::BadUserAccessDenied,
        StatusCode::BadNotWritable,
        StatusCode::BadNotReadable,
        StatusCode::BadWriteNotSupported,
        StatusCode::BadTypeMismatch,
        StatusCode::BadOutOfRange,
        StatusCode::BadNodeIdUnknown,
        StatusCode::BadNodeIdInvalid,
        StatusCode::BadAttributeIdInvalid,
        StatusCode::BadIndexRangeInvalid,
        StatusCode::BadIndexRangeNoData,
        StatusCode::BadIndexRangeDataMismatch,
        StatusCode::BadDataEncodingInvalid,
        StatusCode::BadDataEncodingUnsupported,
        StatusCode::BadLocked,
        StatusCode::BadMethodInvalid,
        StatusCode::BadArgumentsMissing,
        StatusCode::BadTooManyArguments,
        StatusCode::BadInvalidArgument,
        StatusCode::BadNotExecutable,
        StatusCode::BadNotImplemented,
        StatusCode::BadNotSupported,
        StatusCode::BadServiceUnsupported,
        StatusCode::BadInvalidState,
        StatusCode::BadNothingToDo,
        StatusCode::BadTooManyOperations,
        StatusCode::BadRequestTooLarge,
        StatusCode::BadEncodingLimitsExceeded,
        StatusCode::BadEncodingError,
        StatusCode::BadSessionIdInvalid,
        StatusCode::BadSessionClosed,
        StatusCode::BadSessionNotActivated,
        StatusCode::BadIdentityChangeNotSupported,
        StatusCode::BadSecurityModeInsufficient,
    ]
    .contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_61_only_what_a_server_says_before_the_deed_is_a_refusal() {
        let kind = |done: &Done| match done {
            Done::Did { .. } => "did",
            Done::Refused(_) => "refused",
            Done::NotSent(_) => "not sent",
            Done::Unknown(_) => "unknown",
        };
        for (status, expected) in [
            (StatusCode::Good, "did"),
            (StatusCode::GoodClamped, "did"),
            (StatusCode::GoodCompletesAsynchronously, "unknown"),
            (StatusCode::BadTimeout, "unknown"),
            (StatusCode::BadCommunicationError, "unknown"),
            (StatusCode::BadInternalError, "unknown"),
            (StatusCode::BadDeviceFailure, "unknown"),
            (StatusCode::UncertainInitialValue, "unknown"),
            (StatusCode::BadTypeMismatch, "refused"),
            (StatusCode::BadUserAccessDenied, "refused"),
            (StatusCode::BadNodeIdUnknown, "refused"),
        ] {
            assert_eq!(kind(&of_operation(status, String::new(), Vec::new())), expected, "{status}");
        }
        for (status, expected) in [
            (StatusCode::BadConnectionClosed, "unknown"),
            (StatusCode::BadTimeout, "unknown"),
            (StatusCode::BadUnknownResponse, "unknown"),
            (StatusCode::BadSessionIdInvalid, "refused"),
            (StatusCode::BadRequestTooLarge, "refused"),
        ] {
            assert_eq!(kind(&of_call(&Error::new(status, "x"))), expected, "{status}");
        }
    }
}
