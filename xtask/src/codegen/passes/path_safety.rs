//! Path arguments that could lead a request to another resource are refused before it is sent.

use anyhow::{Context as _, Result, bail};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, ExprMacro, File, Ident, LitStr, Stmt, Token, parse_quote};

use super::ast::{builder_blocks, method_mut, source};

/// Replaces progenitor's `encode_path`, which leaves dots and backslashes alone.
pub(super) fn apply(builder: &mut File) -> Result<()> {
    for (name, block) in builder_blocks(builder) {
        check_segments(&mut method_mut(block, "send")?.block)
            .with_context(|| format!("builder `{name}`"))?;
    }
    Ok(())
}

/// `format!("/x/{}", encode_path(&a.to_string()))` becomes a checked `a` and `format!("/x/{a}")`.
fn check_segments(block: &mut Block) -> Result<()> {
    let mut statements = Vec::new();
    for mut statement in std::mem::take(&mut block.stmts) {
        if let Some(template) = template(&mut statement) {
            let (mut text, values) = taken_apart(template)?;
            for value in values {
                let ident = encoded(&value)
                    .with_context(|| format!("`{}` reaches the path unchecked", source(&value)))?;
                let name = ident.to_string();
                let name = name.trim_start_matches("r#");
                statements.push(parse_quote! {
                    let #ident = Self::OPERATION.segment(#name, &#ident)?;
                });
                text = text.replacen("{}", &format!("{{{name}}}"), 1);
            }
            template.mac.tokens = quote::quote!(#text);
        }
        statements.push(statement);
    }
    block.stmts = statements;
    Ok(())
}

/// The `format!` of a `let`.
fn template(statement: &mut Stmt) -> Option<&mut ExprMacro> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    match &mut *local.init.as_mut()?.expr {
        Expr::Macro(invocation) if invocation.mac.path.is_ident("format") => Some(invocation),
        _ => None,
    }
}

fn taken_apart(template: &ExprMacro) -> Result<(String, Vec<Expr>)> {
    let mut arguments = Punctuated::<Expr, Token![,]>::parse_terminated
        .parse2(template.mac.tokens.clone())?
        .into_iter();
    let Some(text) = arguments.next() else {
        bail!("a path without a template");
    };
    let text: LitStr = parse_quote!(#text);
    Ok((text.value(), arguments.collect()))
}

/// The `value` of `encode_path(&value.to_string())`.
fn encoded(argument: &Expr) -> Option<Ident> {
    let Expr::Call(call) = argument else {
        return None;
    };
    let Expr::Reference(reference) = call.args.first()? else {
        return None;
    };
    match (&*reference.expr, &*source(&call.func)) {
        (Expr::MethodCall(text), "encode_path") if text.method == "to_string" => {
            match &*text.receiver {
                Expr::Path(path) => path.path.get_ident().cloned(),
                _ => None,
            }
        }
        _ => None,
    }
}
