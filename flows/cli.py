"""The command line. Each command imports what it needs when it is called: `extract` starts without Prefect and without SQL."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from flows.settings import quiet_logs, store_url
from models.errors import DealwireError

app = typer.Typer(
    help="Chinese and Arabic technology news in, one canonical event store of deals out.",
    context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip


class Lines(StrEnum):
    """Forms of `extract`."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


class Rows(StrEnum):
    """Forms of `events`."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Plain(StrEnum):
    """Forms of what is one thing."""

    TABLE = "table"
    JSON = "json"


class Export(StrEnum):
    """Forms of `export`."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    GRAPHML = "graphml"
    FTM = "ftm"


StoreOption = Annotated[
    str | None, typer.Option("--store", metavar="URL", help="sqlite:///FILE or postgresql+psycopg://…; else $DEALWIRE_STORE.")
]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes that extract; same results.")]
ExportsOption = Annotated[str | None, typer.Option("--exports", metavar="DIR", help="Else dealwire-export beside the store.")]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Leave out what was published before. Undated articles are read.")
]
DaskOption = Annotated[str | None, typer.Option("--dask", metavar="ADDRESS", help="A scheduler, tcp://…, whose workers extract.")]
AcceptOption = Annotated[bool, typer.Option("--accept", help="Publish, whatever the gate says of counts and quality.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="zh-Hant, zh-Hans or ar, where the text does not say.")]
RegionOption = Annotated[str | None, typer.Option("--region", help="HK, TW, CN, AE, SA, …: decides 元, ريال and the like.")]
PublishedOption = Annotated[str | None, typer.Option("--published", metavar="DATE", help="Where the article does not say.")]
ReferenceOption = Annotated[str | None, typer.Option("--reference", metavar="DATE", help="The day relative dates count from.")]
PhrasesOption = Annotated[
    str | None, typer.Option("--jsonl", metavar="FILE", help="Rows {id, text, language, region, reference}; - is standard input.")
]
Inputs = Annotated[list[str] | None, typer.Argument(metavar="[PATH|SOURCE_ID]...", help="Else the bundled samples.")]
Texts = Annotated[list[str] | None, typer.Argument(metavar="[PATH|-]...", help="- is standard input.")]
ItemId = Annotated[str, typer.Argument(metavar="ID", help="Or a unique beginning of it.")]
ItemIds = Annotated[list[str], typer.Argument(metavar="ID...", help="Or unique beginnings of them.")]
AnyItemIds = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Else everything.")]
Gold = Annotated[list[Path] | None, typer.Argument(metavar="[GOLD]...", help="Else the bundled gold.")]


@app.command(epilog="Example: dealwire run news/ --store sqlite:///deals.db --workers 2")
def run(
    inputs: Inputs = None,
    *,
    store: StoreOption = None,
    workers: WorkersOption = 1,
    exports: ExportsOption = None,
    since: SinceOption = None,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Read no input but what is in quarantine.")] = False,
    accept: AcceptOption = False,
    dask: Annotated[
        str | None, typer.Option("--dask", metavar="ADDRESS", help="A scheduler, tcp://…, whose workers extract.")
    ] = None,
) -> None:
    """One nightly run: intake, extract, merge, publish."""
    from flows import cli_run

    if inputs and only_failed:
        raise typer.BadParameter("--only-failed reads what is in quarantine and nothing else")
    options = {"workers": workers, "exports": exports, "since": since, "only_failed": only_failed, "accept": accept, "dask": dask}
    raise typer.Exit(cli_run.run(inputs or [], store, **options))


@app.command(epilog="Example: dealwire extract --format jsonl news/ > claims.jsonl")
def extract(
    inputs: Texts = None,
    *,
    form: Annotated[Lines, typer.Option("--format")] = Lines.TABLE,
    language: LanguageOption = None,
    region: RegionOption = None,
    published: PublishedOption = None,
    workers: WorkersOption = 1,
) -> None:
    """The claims of articles, without a store."""
    from flows import cli_extract
    from flows.intake import Defaults

    raise typer.Exit(cli_extract.extract(inputs or [], form.value, Defaults(language, region, published), workers))


@app.command(epilog="Example: dealwire parse '約港幣3.9兆元' --region HK --reference 2025-12-17")
def parse(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]")] = None,
    *,
    language: LanguageOption = None,
    region: RegionOption = None,
    reference: ReferenceOption = None,
    form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE,
    jsonl: PhrasesOption = None,
) -> None:
    """The numbers, amounts and dates of a phrase."""
    from flows import cli_parse

    if (text is None) == (jsonl is None):
        raise typer.BadParameter("give either a TEXT or --jsonl FILE")
    if jsonl is not None:
        raise typer.Exit(cli_parse.parse_lines(jsonl))
    said = {"text": text, "language": language, "region": region, "reference": reference}
    raise typer.Exit(cli_parse.parse_one(said, form.value))


@app.command(epilog="Example: dealwire events --party 亞馬遜 --min-usd 1bn --format csv")
def events(
    *,
    party: Annotated[str | None, typer.Option("--party", metavar="NAME", help="In any script: 亞馬遜 finds Amazon.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="investment, acquisition, purchase, …")] = None,
    status: Annotated[str | None, typer.Option("--status", help="talks, proposed, agreed, completed, …")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Dated or last reported on it or later.")] = None,
    min_usd: Annotated[str | None, typer.Option("--min-usd", metavar="SUM", help="1000000 or 1m.")] = None,
    as_known_at: Annotated[str | None, typer.Option("--as-known-at", metavar="TIME", help="What the store held then.")] = None,
    form: Annotated[Rows, typer.Option("--format")] = Rows.TABLE,
    store: StoreOption = None,
) -> None:
    """The canonical events."""
    from flows import cli_store

    filters = cli_store.Filters(party, kind, status, since, min_usd, as_known_at)
    raise typer.Exit(cli_store.events(store_url(store), filters, form.value))


@app.command(epilog="Example: dealwire show q4x7")
def show(
    event_id: Annotated[str, typer.Argument(metavar="EVENT_ID", help="Or a unique beginning of it.")],
    form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE,
    store: StoreOption = None,
) -> None:
    """One event: evidence, every conflicting value and why the best one won, status history, rate used."""
    from flows import cli_store

    raise typer.Exit(cli_store.show(store_url(store), event_id, form.value))


@app.command(epilog="Example: dealwire circles --max-length 3")
def circles(
    length: Annotated[int, typer.Option("--max-length", min=2, max=8, help="Companies in a circle, at most.")] = 4,
    form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE,
    store: StoreOption = None,
) -> None:
    """Money that flows in a circle between companies, with the deals of each step."""
    from flows import cli_store

    raise typer.Exit(cli_store.circles(store_url(store), length, form.value))


@app.command(epilog="Example: dealwire export out/ --format csv --format graphml")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    forms: Annotated[list[Export] | None, typer.Option("--format", help="May be given several times; else parquet.")] = None,
    store: StoreOption = None,
) -> None:
    """What downstream analytics reads; identical bytes when nothing changed."""
    from flows import cli_store

    raise typer.Exit(cli_store.export(store_url(store), folder, [form.value for form in forms or [Export.PARQUET]]))


@app.command(epilog="Example: dealwire fx first-report")
def fx(
    policy: Annotated[str | None, typer.Argument(help="Else the one in force is printed.")] = None, *, store: StoreOption = None
) -> None:
    """At which text's exchange rate amounts are shown; a change is in the change feed."""
    from flows import cli_store

    raise typer.Exit(cli_store.fx(store_url(store), policy))


@app.command(epilog="Example: dealwire archive backup/")
def archive(folder: Annotated[Path, typer.Argument(metavar="DIR")], store: StoreOption = None) -> None:
    """The whole store as files, one line a row; `restore` reads them back, into either engine."""
    from flows import cli_store

    raise typer.Exit(cli_store.archive(store_url(store), folder))


@app.command(epilog="Example: dealwire restore backup/ --store postgresql+psycopg://localhost/deals")
def restore(folder: Annotated[Path, typer.Argument(metavar="DIR")], store: StoreOption = None) -> None:
    """An empty store filled from an archive; nothing is lost."""
    from flows import cli_store

    raise typer.Exit(cli_store.restore(store_url(store), folder))


quarantine = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]}, rich_markup_mode=None)
app.add_typer(quarantine, name="quarantine")


@quarantine.callback(invoke_without_command=True, epilog="Example: dealwire quarantine --format json")
def quarantine_list(
    context: typer.Context,
    form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE,
    settled: Annotated[bool, typer.Option("--settled", help="Also what was retried or dismissed.")] = False,
    store: StoreOption = None,
) -> None:
    """What could not be used, and why."""
    from flows import cli_quarantine

    context.obj = store
    if context.invoked_subcommand is None:
        raise typer.Exit(cli_quarantine.listed(store_url(store), form.value, settled))


@quarantine.command("show", epilog="Example: dealwire quarantine show q4x7 > row.jsonl")
def quarantine_show(context: typer.Context, item: ItemId, store: StoreOption = None) -> None:
    """The bytes of one item, as they came."""
    from flows import cli_quarantine

    raise typer.Exit(cli_quarantine.show(store_url(store or context.obj), item))


@quarantine.command("retry", epilog="Example: dealwire quarantine retry q4x7")
def quarantine_retry(
    context: typer.Context, items: AnyItemIds = None, store: StoreOption = None, exports: ExportsOption = None
) -> None:
    """After a fix: read items once more, or all of them, and do the rest of a run with what can be used."""
    from flows import cli_run

    retry = list(items or [])
    raise typer.Exit(cli_run.run([], store or context.obj, only_failed=True, retry=retry, exports=exports))


@quarantine.command("dismiss", epilog="Example: dealwire quarantine dismiss q4x7 m2ke")
def quarantine_dismiss(context: typer.Context, items: ItemIds, store: StoreOption = None) -> None:
    """Take items off the list for good; they stay in the store."""
    from flows import cli_quarantine

    raise typer.Exit(cli_quarantine.dismiss(store_url(store or context.obj), items))


@app.command(epilog="Example: dealwire sources --format json")
def sources(form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE) -> None:
    """The publishers that `run` fetches by their ids."""
    from flows import cli_sources

    raise typer.Exit(cli_sources.listed(form.value))


@app.command(epilog="Example: dealwire decide same q4x7 m2ke --note 'one round, told in two currencies'")
def decide(
    kind: Annotated[str, typer.Argument(metavar="same|different|set|retract")],
    words: Annotated[list[str], typer.Argument(metavar="ID [ID | PROPERTY VALUE]")],
    note: Annotated[str | None, typer.Option("--note")] = None,
    actor: Annotated[str, typer.Option("--by", envvar="USER", help="Who decides.")] = "reviewer",
    store: StoreOption = None,
) -> None:
    """A reviewer's decision on events; it survives re-runs and new extractor versions."""
    from flows import cli_store

    raise typer.Exit(cli_store.decide(store_url(store), actor, kind, words, note))


@app.command(epilog="Example: dealwire diff --format json")
def diff(
    form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE, store: StoreOption = None, workers: WorkersOption = 1
) -> None:
    """What the installed extractor version would change, before it is published."""
    from flows import cli_diff

    raise typer.Exit(cli_diff.diff(store_url(store), workers, form.value))


@app.command(epilog="Example: dealwire runs q4x7 --format json")
def runs(
    run_id: Annotated[str | None, typer.Argument(metavar="[RUN_ID]", help="Its report; or a unique beginning of it.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Of the list.")] = 20,
    form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE,
    store: StoreOption = None,
) -> None:
    """The runs of a store, or the report of one."""
    from flows import cli_runs

    if run_id is None:
        raise typer.Exit(cli_runs.listed(store_url(store), limit, form.value))
    raise typer.Exit(cli_runs.report(store_url(store), run_id, form.value))


@app.command(epilog="Example: dealwire doctor --format json")
def doctor(form: Annotated[Plain, typer.Option("--format")] = Plain.TABLE, store: StoreOption = None) -> None:
    """Whether installation, tables, sources, store, Prefect and clock are fit for a night."""
    from flows import doctor as checks

    raise typer.Exit(checks.doctor(store_url(store), form.value))


@app.command(epilog="Example: dealwire serve news/ --cron '30 2 * * *' --time-zone Asia/Taipei")
def serve(
    inputs: Inputs = None,
    *,
    cron: Annotated[str, typer.Option("--cron", help="When to run.")] = "30 2 * * *",
    zone: Annotated[str, typer.Option("--time-zone", help="Whose clock --cron means.")] = "Asia/Hong_Kong",
    store: StoreOption = None,
    workers: WorkersOption = 1,
) -> None:
    """The nightly schedule on one machine, until it is stopped."""
    from flows import cli_serve

    raise typer.Exit(cli_serve.serve(inputs or [], store, workers, cron, zone))


@app.command(epilog="Example: dealwire desk --reviewer 'Lin Wei' --port 8800")
def desk(
    *,
    reviewer: Annotated[str | None, typer.Option("--reviewer", metavar="NAME", help="Who decides; else it only shows.")] = None,
    address: Annotated[str, typer.Option("--address", help="Where to listen; else this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8800,
    host_names: Annotated[list[str] | None, typer.Option("--host", metavar="NAME", help="Another name to answer to.")] = None,
    store: StoreOption = None,
) -> None:
    """The analyst's page: events, money flow, companies, review."""
    from flows import cli_desk

    raise typer.Exit(cli_desk.desk(store_url(store), reviewer, address, port, host_names or []))


@app.command(epilog="Example: dealwire report out/ --query 'changed=last-night&sort=-amount' --language ar")
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or that of an older report.")],
    *,
    query: Annotated[str, typer.Option("--query", help="Which events: as in an address of the desk.")] = "",
    language: Annotated[str, typer.Option("--language", help="en, zh-Hant, zh-Hans or ar: of the pages.")] = "en",
    most: Annotated[int, typer.Option("--most", min=1, help="Events, at most.")] = 2000,
    store: StoreOption = None,
) -> None:
    """The desk's pages as files that open from disk and can be mailed."""
    from flows import cli_desk

    raise typer.Exit(cli_desk.report(store_url(store), folder, query, language, most))


@app.command(epilog="Example: dealwire evaluate gold/")
def evaluate(
    gold: Gold = None,
    *,
    errors: Annotated[bool, typer.Option("--errors", help="List what was missed or made up, with its cause.")] = False,
    stream: Annotated[
        Path | None, typer.Option("--stream", help="Folder with the labelled news stream: score only how its claims merge.")
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--names", metavar="DATA", help="Score the tagger of names on FewFC and FinRE.")
    ] = None,
) -> None:
    """Scores against gold, of the merge too, and whether they reach the floors."""
    from flows.evaluate import evaluate as score
    from flows.evaluate_merge import evaluate_samples, evaluate_stream

    if names is not None:
        from flows.name_scores import score_checkpoint

        for name, of_set in score_checkpoint(names).items():
            typer.echo(f"{name}: companies {of_set}")
        raise typer.Exit(0)
    reports: list[Any] = [evaluate_stream(stream)] if stream else [score(gold or [])]
    if not gold and not stream:
        reports.append(evaluate_samples())
    for report in reports:
        typer.echo(report.table())
        if errors:
            typer.echo("\n".join(report.mistakes()))
    raise typer.Exit(0 if all(report.passed for report in reports) else 1)


@app.command(epilog="Example: dealwire train ../shared/train --stream ../shared/stream --out trained/")
def train(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Folder of the labelled sets (see CONTRIBUTING.md).")],
    *,
    stream: Annotated[Path, typer.Option("--stream", metavar="DIR", help="News without labels, *.jsonl.gz.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the weights go.")],
    start: Annotated[
        Path | None, typer.Option("--start", metavar="DIR", help="Where an earlier run left what it pre-trained.")
    ] = None,
    language: Annotated[Literal["zh", "ar"] | None, typer.Option("--language", help="Only this one's; else both.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed on the same machine gives the same weights.")] = 7,
    folds: Annotated[int, typer.Option("--folds", min=0, help="Of the cross-validation of Arabic; 0 for none.")] = 3,
) -> None:
    """Train the taggers of company names anew (needs the extra `train`)."""
    from flows import cli_train

    raise typer.Exit(cli_train.train(data, stream, out, start, language=language, seed=seed, folds=folds))


def main(arguments: list[str] | None = None) -> Any:
    """The console script. Errors of ours are one line on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    quiet_logs()
    try:
        return app(arguments)
    except DealwireError as error:
        typer.echo(f"dealwire: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # a full disk, a folder that cannot be written
        typer.echo(f"dealwire: {error.filename or 'system'}: {error.strerror or error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
