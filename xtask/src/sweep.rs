//! `cargo xtask sweep`: which operations of a full description can be selected, each alone and without a
//! line of overlay, and whether what is generated for them is clean.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use quote::ToTokens as _;
use serde_json::Value;
use syn::Item;

use crate::codegen::model::{Model, Operation};
use crate::codegen::{self, owner};
use crate::files::replace;
use crate::spec::problem::{Problems, cannot_be};
use crate::spec::ready;
use crate::spec::selection::Words;
use crate::spec::trim::Description;

/// The workspace of what is generated, below the root of ours.
const FOLDER: &str = "target/sweep";

/// What the command line says.
#[derive(Args, Clone, Debug, Default)]
pub struct SweepOptions {
    /// The full description, as JSON or YAML.
    pub full: PathBuf,
    /// Operations to try, by `operationId`; `actions/*` names all of a kind [default: all].
    pub operations: Vec<String>,
    /// Only generate; compile nothing.
    #[arg(long)]
    pub no_compile: bool,
    /// Name each operation that is refused, with the reason.
    #[arg(long)]
    pub list: bool,
}

/// How far an operation came that is not clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// It cannot be trimmed.
    Trim,
    /// It is refused.
    Generate,
    /// What is generated does not compile.
    Compile,
    /// It compiles, with warnings of rustc or clippy.
    Clippy,
    /// Its documentation has warnings.
    Docs,
}

/// Why operations came no further, by their names.
type Findings = BTreeMap<String, (Stage, String)>;

/// Runs the command below the workspace root.
pub fn run(root: &Path, options: &SweepOptions, report: &mut dyn Write) -> Result<()> {
    let name = options.full.display().to_string();
    let bytes = std::fs::read(&options.full).map_err(cannot_be("read", &name))?;
    let description = Description::read(&name, &bytes)?;
    let chosen = chosen(&description, &options.operations)?;
    let mut findings = Findings::new();
    let workspace = Workspace::new(root)?;
    loop {
        let left: Vec<_> = chosen
            .iter()
            .filter(|id| !findings.contains_key(*id))
            .collect();
        let start = Instant::now();
        let (users, refused) = workspace.generate(&description, &left)?;
        findings.extend(refused);
        writeln!(report, "generated in {} s", start.elapsed().as_secs())?;
        if options.no_compile || users.is_empty() {
            break;
        }
        let start = Instant::now();
        let found = workspace.check(&users)?;
        writeln!(report, "compiled in {} s", start.elapsed().as_secs())?;
        // What does not compile hides what else there is to say.
        let again = found.values().any(|(stage, _)| *stage == Stage::Compile);
        findings.extend(found);
        if !again {
            break;
        }
    }
    report.write_all(table(&chosen, &findings, options).as_bytes())?;
    let unclean = findings
        .values()
        .filter(|(stage, _)| *stage > Stage::Generate);
    let unclean = unclean.count();
    ensure!(
        unclean == 0,
        "what is generated for {unclean} operations is not clean"
    );
    Ok(())
}

/// The operations that the command line names.
fn chosen(description: &Description, wanted: &[String]) -> Result<Vec<String>> {
    let all = description.names();
    let fits = |name: &str, wanted: &str| match wanted.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == wanted,
    };
    for wanted in wanted {
        ensure!(
            all.iter().any(|name| fits(name, wanted)),
            "the description has no operation `{wanted}`"
        );
    }
    let mut chosen = all;
    chosen.retain(|name| wanted.is_empty() || wanted.iter().any(|it| fits(name, it)));
    Ok(chosen)
}

/// A workspace of what is generated: each processor writes a crate, and is not asked to share.
struct Workspace {
    folder: PathBuf,
}

/// The operations that need an item, by its file and its name.
type Users = BTreeMap<(String, String), BTreeSet<String>>;

impl Workspace {
    fn new(root: &Path) -> Result<Self> {
        let folder = root.join(FOLDER);
        let manifest =
            std::fs::read_to_string(root.join("Cargo.toml")).context("cannot read Cargo.toml")?;
        // Lints and dependencies are ours, from where they stand.
        let shared = manifest
            .find("[workspace.package]")
            .map(|at| &manifest[at..]);
        let shared = shared.context("Cargo.toml has no section [workspace.package]")?;
        let here = root.display().to_string().replace('\\', "/");
        let here = format!("{{ path = \"{here}/");
        let text = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"part*\"]\n\n{}",
            shared.replace("{ path = \"", &here)
        );
        replace(&folder.join("Cargo.toml"), &text).context("cannot write the workspace")?;
        for file in ["Cargo.lock", "clippy.toml"] {
            let text = std::fs::read_to_string(root.join(file)).unwrap_or_default();
            replace(&folder.join(file), &text).context("cannot write the workspace")?;
        }
        Ok(Self { folder })
    }

    /// Generates each operation alone.
    fn generate(&self, description: &Description, names: &[&String]) -> Result<(Users, Findings)> {
        let parts = thread::available_parallelism().map_or(1, usize::from);
        for entry in std::fs::read_dir(&self.folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with("part") {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        thread::scope(|scope| {
            let chunks = names.chunks(names.len().div_ceil(parts).max(1)).enumerate();
            let threads = chunks.map(|(index, chunk)| {
                scope.spawn(move || self.part(description, chunk, &format!("part{index}")))
            });
            let threads: Vec<_> = threads.collect();
            let (mut users, mut findings) = (Users::new(), Findings::new());
            for thread in threads {
                let part = thread.join().ok().context("generating panicked")?;
                let (more_users, more_findings) = part?;
                users.extend(more_users);
                findings.extend(more_findings);
            }
            Ok((users, findings))
        })
    }

    /// Writes one crate. Operations share a module as long as they agree on the types that they share,
    /// so that each is compiled as if it were alone and most types are compiled once.
    fn part(
        &self,
        description: &Description,
        names: &[&String],
        part: &str,
    ) -> Result<(Users, Findings)> {
        let mut layers: Vec<Layer> = Vec::new();
        let mut findings = Findings::new();
        for name in names {
            match alone(description, name) {
                Ok((types, model)) => {
                    let mut types = grouped(types);
                    let layer = layers.iter().position(|layer| layer.agrees(&types, &model));
                    if layer.is_none() {
                        layers.push(Layer::default());
                    }
                    let index = layer.unwrap_or(layers.len() - 1);
                    layers[index].add(name, &mut types, model);
                }
                Err((stage, reason)) => drop(findings.insert((*name).clone(), (stage, reason))),
            }
        }
        let folder = self.folder.join(part);
        let manifest = format!(
            "[package]\nname = \"{part}\"\nversion = \"0.0.0\"\nedition.workspace = true\n\
             [dependencies]\nchrono.workspace = true\ngha-core.workspace = true\nhttp.workspace = true\n\
             serde.workspace = true\nserde_json.workspace = true\n[lints]\nworkspace = true\n"
        );
        replace(&folder.join("Cargo.toml"), &manifest)?;
        let modules: String = (0..layers.len())
            .map(|index| format!("#[allow(missing_docs, reason = \"a module of many\")]\n#[rustfmt::skip]\npub mod layer{index};\n"))
            .collect();
        replace(
            &folder.join("src/lib.rs"),
            &format!("//! What is generated.\n{modules}"),
        )?;
        let mut users = Users::new();
        for (index, layer) in layers.into_iter().enumerate() {
            let path = format!("{part}/src/layer{index}");
            let (files, used) = layer.render()?;
            for (file, text) in files {
                replace(&self.folder.join(&path).join(file), &text)?;
            }
            users.extend(
                used.into_iter()
                    .map(|((file, item), names)| ((format!("{path}/{file}"), item), names)),
            );
        }
        Ok((users, findings))
    }

    /// What rustc, clippy and rustdoc say of the operations.
    fn check(&self, users: &Users) -> Result<Findings> {
        let mut findings = Findings::new();
        for (command, stage) in [("clippy", Stage::Clippy), ("doc", Stage::Docs)] {
            let mut cargo =
                Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo.args([
                command,
                "--workspace",
                "--keep-going",
                "--quiet",
                "--message-format=json",
            ]);
            if command == "doc" {
                cargo.arg("--no-deps");
            }
            let output = cargo
                .current_dir(&self.folder)
                .env("CARGO_TARGET_DIR", self.folder.join("target"))
                .output()
                .with_context(|| format!("cannot start `cargo {command}`"))?;
            let mut said = false;
            for line in String::from_utf8_lossy(&output.stdout).lines() {
                let Ok(line) = serde_json::from_str::<Value>(line) else {
                    continue;
                };
                let message = &line["message"];
                let spans = message["spans"].as_array().into_iter().flatten();
                for span in spans.filter(|span| span["is_primary"] == true) {
                    said = true;
                    // Errors that are no lints have a code, or none at all.
                    let code = message["code"]["code"].as_str().unwrap_or("E");
                    let is_error = message["level"] == "error" && code.starts_with('E');
                    let stage = if is_error { Stage::Compile } else { stage };
                    let text = message["message"].as_str().unwrap_or_default().to_owned();
                    for name in self.concerned(users, span) {
                        findings
                            .entry(name)
                            .or_insert_with(|| (stage, text.clone()));
                    }
                }
            }
            ensure!(
                output.status.success() || said,
                "`cargo {command}` failed in {FOLDER}:\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            if findings.values().any(|(stage, _)| *stage == Stage::Compile) {
                break;
            }
        }
        Ok(findings)
    }

    /// The operations that need what a message is about.
    fn concerned(&self, users: &Users, span: &Value) -> BTreeSet<String> {
        let file = span["file_name"].as_str().unwrap_or_default().to_owned();
        let line = span["line_start"]
            .as_u64()
            .and_then(|line| usize::try_from(line).ok());
        let text = std::fs::read_to_string(self.folder.join(&file)).unwrap_or_default();
        let before = text.lines().take(line.unwrap_or_default());
        let words = |line: &str| -> Vec<String> {
            line.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .map(str::to_owned)
                .collect()
        };
        // The nearest line above that names something that operations need.
        let found = before
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .find_map(|line| {
                let is_start = ["pub struct ", "pub enum ", "impl", "    pub fn "]
                    .iter()
                    .any(|it| line.starts_with(it));
                let mut names = words(line).into_iter().rev();
                names.find_map(|name| users.get(&(file.clone(), name)).filter(|_| is_start))
            });
        found.cloned().unwrap_or_else(|| BTreeSet::from([file]))
    }
}

/// What is generated for an operation that is selected alone, without an overlay.
fn alone(description: &Description, name: &str) -> Result<(syn::File, Model), (Stage, String)> {
    let first = |problems: Problems| problems.to_string();
    let document = description
        .alone(name)
        .map_err(|problems| (Stage::Trim, first(problems)))?;
    let refused = |reason: String| (Stage::Generate, reason);
    let document = ready(document, Words::Derived).map_err(|it| refused(first(it)))?;
    codegen::generate(&document).map_err(|error| refused(format!("{error:#}")))
}

/// Items by the type that they belong to, with their text.
type Groups = BTreeMap<String, (String, Vec<Item>)>;

fn grouped(types: syn::File) -> Groups {
    let mut groups = Groups::new();
    for item in types.items {
        let (text, items) = groups.entry(owner(&item)).or_default();
        text.push_str(&item.to_token_stream().to_string());
        items.push(item);
    }
    groups
}

/// Operations that agree on the types that they share.
#[derive(Default)]
struct Layer {
    types: Groups,
    operations: Vec<Operation>,
    users: Users,
}

impl Layer {
    fn agrees(&self, types: &Groups, model: &Model) -> bool {
        let same = |(name, (text, _)): (&String, &(String, Vec<Item>))| {
            self.types.get(name).is_none_or(|(known, _)| known == text)
        };
        let known =
            |operation: &Operation| self.operations.iter().any(|it| it.name == operation.name);
        types.iter().all(same) && !model.operations.iter().any(known)
    }

    fn add(&mut self, operation: &str, types: &mut Groups, model: Model) {
        let mut uses = |file: &str, item: String| {
            let key = (file.to_owned(), item);
            self.users
                .entry(key)
                .or_default()
                .insert(operation.to_owned());
        };
        for name in types.keys() {
            uses("types.rs", name.clone());
        }
        for operation in &model.operations {
            uses("operations.rs", operation.builder().to_string());
            uses("operations.rs", operation.name.clone());
        }
        self.operations.extend(model.operations);
        for (name, group) in std::mem::take(types) {
            self.types.entry(name).or_insert(group);
        }
    }

    fn render(self) -> Result<(codegen::Files, Users)> {
        let types = syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: self
                .types
                .into_values()
                .flat_map(|(_, items)| items)
                .collect(),
        };
        let model = Model {
            handles: Vec::new(),
            operations: self.operations,
        };
        Ok((codegen::text(&types, &model)?, self.users))
    }
}

/// How many operations came how far, and why not further.
fn table(chosen: &[String], findings: &Findings, options: &SweepOptions) -> String {
    let total = chosen.len();
    let left = |stage: Stage| total - findings.values().filter(|(it, _)| *it <= stage).count();
    let mut text = format!("\noperations          {total:>5}\n");
    let mut rows = vec![("trimmed", Stage::Trim), ("generated", Stage::Generate)];
    if !options.no_compile {
        rows.extend([
            ("compiled", Stage::Compile),
            ("clean for clippy", Stage::Clippy),
            ("clean for rustdoc", Stage::Docs),
        ]);
    }
    for (name, stage) in rows {
        text.push_str(&format!("{name:<19} {:>5}\n", left(stage)));
    }
    let mut reasons: BTreeMap<(Stage, String), Vec<&String>> = BTreeMap::new();
    for (operation, (stage, reason)) in findings {
        reasons
            .entry((*stage, kind(reason)))
            .or_default()
            .push(operation);
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, operations)| std::cmp::Reverse(operations.len()));
    for ((stage, reason), operations) in &reasons {
        let first = operations[0];
        text.push_str(&format!(
            "\n{:>5}  {stage:?}: {reason}\n       {first}",
            operations.len()
        ));
        text.push_str(if operations.len() > 1 {
            ", …\n"
        } else {
            "\n"
        });
    }
    if options.list {
        for (operation, (_, reason)) in findings {
            text.push_str(&format!(
                "\n{operation}\n    {}\n",
                reason.replace('\n', "\n    ")
            ));
        }
    }
    text
}

/// A reason without what is special to one operation: its first line, without place and names.
fn kind(reason: &str) -> String {
    let mut lines = reason.lines();
    let mut line = lines.next().unwrap_or_default();
    if line.ends_with(" problems") {
        line = lines.next().unwrap_or_default();
    }
    let message = match line.split_once(": ") {
        Some((place, message)) if place.contains('#') => message,
        _ => line,
    };
    let pieces = message.split('`').enumerate();
    pieces
        .map(|(index, piece)| if index % 2 == 0 { piece } else { "`…`" })
        .collect()
}
