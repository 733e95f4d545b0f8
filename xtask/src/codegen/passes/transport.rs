//! Builders build a request and hand it to the runtime: one place sends, decodes and makes errors.

use anyhow::{Context as _, Result, bail};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprMethodCall, File, Ident, ImplItemFn, LitStr, Local, Pat, ReturnType, Stmt,
    Token, Type, parse_quote,
};

use super::ast::{argument_of, builder_blocks, client_field, method_mut, source, structs};
use crate::codegen::model::{Model, Operation};

/// Replaces what each `send` does after its arguments are taken apart.
pub(super) fn apply(builder: &mut File, model: &Model) -> Result<()> {
    let mut clients = std::collections::BTreeMap::new();
    for (name, item) in structs(builder) {
        clients.insert(name, client_field(item)?);
    }
    for (name, block) in builder_blocks(builder) {
        let operation = model
            .operation(&name)
            .with_context(|| format!("builder `{name}` belongs to no operation"))?;
        rewrite(method_mut(block, "send")?, operation, &clients[&name])
            .with_context(|| format!("operation `{}`", operation.id))?;
        let (id, method, path) = (snake(&name, operation), &operation.method, &operation.path);
        block.items.insert(
            0,
            parse_quote! {
                /// The operation that this builder requests.
                pub const OPERATION: &'static crate::Operation =
                    &crate::Operation::new(#id, #method, #path);
            },
        );
    }
    Ok(())
}

/// The operation's name in Rust, which is also the name users see in errors.
fn snake(builder: &str, operation: &Operation) -> String {
    debug_assert!(!builder.is_empty());
    operation
        .id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}

fn rewrite(send: &mut ImplItemFn, operation: &Operation, client: &Ident) -> Result<()> {
    let answer = Answer::of(send, operation)?;
    let mut statements = Vec::new();
    let mut stages = TokenStream::new();
    let mut url = None;
    for statement in std::mem::take(&mut send.block.stmts) {
        let Stmt::Local(local) = &statement else {
            continue;
        };
        match chain_root(local) {
            Some(root) if is_client(root, client) => {
                let value = &initializer(local)?;
                let (argument, calls) = request_calls(value)?;
                url = Some(argument);
                stages = calls;
                break;
            }
            _ if declares(local, "header_map") => {}
            _ => statements.push(statement),
        }
    }
    let url = url.context("progenitor's code builds no request")?;
    let mut block = Block {
        brace_token: send.block.brace_token,
        stmts: statements,
    };
    Arguments.visit_block_mut(&mut block);
    RelativeUrl { client }.visit_block_mut(&mut block);
    let method = format_ident!("{}", operation.method);
    let finish = answer.finish();
    block.stmts.push(Stmt::Expr(
        parse_quote! {
            #client
                .request(Self::OPERATION, ::http::Method::#method, &#url)
                #stages
                #finish
                .await
        },
        None,
    ));
    send.block = block;
    let output = answer.output();
    send.sig.output = parse_quote!(-> #output);
    Ok(())
}

/// What a call comes back with.
enum Answer {
    Json(Box<Type>),
    Empty,
    Redirect,
}

impl Answer {
    fn of(send: &ImplItemFn, operation: &Operation) -> Result<Self> {
        if operation.redirects {
            return Ok(Self::Redirect);
        }
        let value = match &send.sig.output {
            ReturnType::Type(_, ty) => {
                argument_of(ty, "Result").and_then(|success| argument_of(success, "ResponseValue"))
            }
            ReturnType::Default => None,
        }
        .with_context(|| format!("unexpected return type `{}`", source(&send.sig.output)))?;
        match value {
            Type::Tuple(unit) if unit.elems.is_empty() => Ok(Self::Empty),
            Type::Path(path) if path.path.is_ident("ByteStream") => {
                bail!("answers with a media type other than JSON, which the runtime cannot decode")
            }
            json => Ok(Self::Json(Box::new(json.clone()))),
        }
    }

    fn finish(&self) -> TokenStream {
        match self {
            Self::Json(ty) => quote!(.decode::<#ty>()),
            Self::Empty => quote!(.empty()),
            Self::Redirect => quote!(.redirect()),
        }
    }

    fn output(&self) -> TokenStream {
        match self {
            Self::Json(ty) => quote!(Result<crate::Response<#ty>, crate::Error>),
            Self::Empty => quote!(Result<crate::Response<()>, crate::Error>),
            Self::Redirect => quote!(Result<crate::SignedUrl, crate::Error>),
        }
    }
}

fn declares(local: &Local, name: &str) -> bool {
    match &local.pat {
        Pat::Ident(pattern) => pattern.ident == name,
        _ => false,
    }
}

fn initializer(local: &Local) -> Result<Expr> {
    let init = local.init.as_ref().context("a local without a value")?;
    Ok((*init.expr).clone())
}

/// Where a chain of method calls starts.
fn chain_root(local: &Local) -> Option<&Expr> {
    let mut expression = &*local.init.as_ref()?.expr;
    loop {
        expression = match expression {
            Expr::MethodCall(call) => &call.receiver,
            Expr::Try(inner) => &inner.expr,
            other => return Some(other),
        };
    }
}

/// `client.client`, the reqwest client in progenitor's own.
fn is_client(expression: &Expr, client: &Ident) -> bool {
    match expression {
        Expr::Field(field) => {
            matches!(&field.member, syn::Member::Named(member) if member == "client")
                && matches!(&*field.base, Expr::Path(path) if path.path.is_ident(client))
        }
        _ => false,
    }
}

/// The URL and the calls of the runtime's own request for progenitor's chain
/// `client.client.get(url).header(…).query(…).build()?`.
fn request_calls(chain: &Expr) -> Result<(Expr, TokenStream)> {
    let Expr::Try(built) = chain else {
        bail!("the request is not built as expected");
    };
    let mut calls = Vec::new();
    let mut expression = &*built.expr;
    while let Expr::MethodCall(call) = expression {
        calls.push(call);
        expression = &call.receiver;
    }
    calls.reverse();
    let (first, rest) = calls.split_first().context("the request has no URL")?;
    let url = first.args.first().context("the request has no URL")?;
    let mut stages = TokenStream::new();
    for call in rest {
        stages.extend(request_call(call)?);
    }
    Ok((url.clone(), stages))
}

fn request_call(call: &ExprMethodCall) -> Result<TokenStream> {
    let argument = call.args.first();
    match (&*call.method.to_string(), argument) {
        // The runtime sets `Accept`; `header_map` holds nothing but progenitor's `api-version`.
        ("header", Some(name)) if source(name).ends_with("ACCEPT") => Ok(TokenStream::new()),
        ("headers" | "build", _) => Ok(TokenStream::new()),
        ("query", Some(Expr::Reference(parameter))) => match &*parameter.expr {
            Expr::Call(new) if source(&new.func).ends_with("QueryParam::new") => {
                let arguments = &new.args;
                Ok(quote!(.query(#arguments)))
            }
            other => bail!("unexpected query parameter `{}`", source(other)),
        },
        ("json", Some(body)) => Ok(quote!(.json(#body))),
        (other, _) => bail!("requests with `{other}` are not supported by the runtime"),
    }
}

/// `value.map_err(Error::InvalidRequest)?` becomes `Self::OPERATION.argument(value)?`.
struct Arguments;

impl VisitMut for Arguments {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && call.method == "map_err"
            && call
                .args
                .first()
                .is_some_and(|argument| source(argument) == "Error::InvalidRequest")
        {
            let value = &call.receiver;
            *expression = parse_quote!(Self::OPERATION.argument(#value));
        }
    }
}

/// The client knows its base URL: `format!("{}/repos/{}", client.baseurl, …)` loses it.
struct RelativeUrl<'a> {
    client: &'a Ident,
}

impl VisitMut for RelativeUrl<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        let Expr::Macro(invocation) = expression else {
            return visit_mut::visit_expr_mut(self, expression);
        };
        let tokens = invocation.mac.tokens.clone();
        let Ok(arguments) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens) else {
            return;
        };
        let base = format!("{}.baseurl", self.client);
        let mut arguments: Vec<Expr> = arguments.into_iter().collect();
        let Some(index) = arguments
            .iter()
            .position(|argument| source(argument) == base)
        else {
            return;
        };
        arguments.remove(index);
        let template = arguments.first().map(ToTokens::to_token_stream);
        let Some(Ok(template)) = template.map(syn::parse2::<LitStr>) else {
            return;
        };
        let text = template.value();
        let text = text.strip_prefix("{}").unwrap_or(&text);
        let rest = &arguments[1..];
        *expression = if rest.is_empty() {
            parse_quote!(#text)
        } else {
            parse_quote!(format!(#text, #(#rest),*))
        };
    }
}
