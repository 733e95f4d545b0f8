//! An operation succeeds in ways that a client can read and tell apart.

use std::collections::BTreeSet;

use super::{Lint, any_value};
use crate::spec::answer::{self, Answers, Success, answers, is_sayable, is_status, successes};
use crate::spec::document::{OperationObject, Placed, entries, operations};
use crate::spec::shape::pascal;

pub(super) fn check(lint: &mut Lint<'_>) {
    let schemas = entries(&lint.document["components"]["schemas"]);
    let mut names: BTreeSet<_> = schemas.map(|(name, _)| pascal(name)).collect();
    for operation in operations(lint.document) {
        for (status, response) in operation.responses() {
            match status {
                "default" => lint.report(
                    &response.pointer,
                    "a `default` response shadows all others",
                    "remove it in <overlay>:\n- target: <target>\n  remove: true",
                ),
                status if is_status(status) => {}
                _ => lint.report(
                    &response.pointer,
                    format!("`{status}` is no status: write `200`, `4XX`"),
                    "",
                ),
            }
        }
        success(lint, &operation);
        match answers(lint.document, &operation) {
            Some(Answers::ByStatus(_)) => name_of_several(lint, &operation, &mut names),
            Some(_) if operation.own.get(answer::NAME).is_some() => lint.report(
                &operation.own.at(answer::NAME),
                "names the type of several answers, and there is one",
                "drop it from <overlay>",
            ),
            _ => {}
        }
    }
}

fn success(lint: &mut Lint<'_>, operation: &OperationObject<'_>) {
    let at = operation.own.at("responses");
    let successes = successes(lint.document, operation);
    let is_alone = successes.len() == 1;
    for (status, success) in &successes {
        let place = format!("{at}/{status}");
        match success {
            Success::Json(_, None) => {
                let response = Placed::new(&operation.own.value["responses"][status], &*place);
                let help = any_value(lint.document, response);
                lint.report(&place, "the JSON body has no schema", &help);
            }
            Success::Other(what) => cannot_read(lint, &place, what),
            Success::SeeOther if is_alone => cannot_read(lint, &place, "status 303"),
            Success::Text(media_type)
            | Success::Bytes(media_type)
            | Success::Json(media_type, _)
                if !is_sayable(media_type) =>
            {
                lint.report(&place, format!("no header can ask for {media_type:?}"), "");
            }
            _ => {}
        }
    }
    if answers(lint.document, operation).is_none() {
        let list = successes.iter();
        let list = list.map(|(status, success)| format!("{status}: {}", success.kind()));
        let list = list.collect::<Vec<_>>().join("\n");
        lint.report(
            &at,
            "a redirect beside another kind of success",
            &format!(
                "{list}\nremove some in <overlay>:\n- target: <target>['STATUS']\n  remove: true"
            ),
        );
    }
}

fn cannot_read(lint: &mut Lint<'_>, at: &str, what: &str) {
    lint.report(
        at,
        format!("succeeds with {what}, which the client cannot read"),
        "drop the operation from <selection>, or remove this answer in \
         <overlay> if the others are all that matters:\n- target: <target>\n  remove: true",
    );
}

/// The type of several answers has a name that no other type has.
fn name_of_several(
    lint: &mut Lint<'_>,
    operation: &OperationObject<'_>,
    names: &mut BTreeSet<String>,
) {
    let name = pascal(&answer::name(operation));
    let given = operation.own.get(answer::NAME);
    let message = if given.is_some_and(|it| !it.value.is_string()) {
        format!("`{}` is a name", answer::NAME)
    } else if syn::parse_str::<syn::Ident>(&name).is_err() {
        format!("the type of its answers cannot be called `{name}`")
    } else if !names.insert(name.clone()) {
        format!("the type of its answers and another one would be called `{name}`")
    } else {
        return;
    };
    let help = "choose another name in <overlay>:\n\
                - target: <target>\n  update: {x-answer: AnotherName}";
    lint.report(&operation.own.pointer, message, help);
}
