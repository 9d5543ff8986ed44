"""The figures, in the order they are run and reported."""

from bench.figure import Figure
from bench.figures import (
    audience_load,
    beacons,
    captions,
    cpu,
    end,
    ingest,
    latency,
    pages,
    part,
    recognition,
    replay,
    search,
    serve,
    soak,
    speech,
    statistics,
    tabs,
    viewers,
)

FIGURES = {
    figure.name: figure
    for figure in (
        Figure("ingest", "Publish accepted to first media listed (keyframes every 1 s)", ingest.run),
        Figure("part", "Last frame of a part, push to fetchable", part.run),
        Figure("latency", "Glass to glass in Chromium, source rung", latency.source),
        Figure("latency-page", "Glass to glass on the shipped watch page", latency.own_page),
        Figure("latency-rung", "Glass to glass in Chromium, transcoded 480p rung", latency.rung),
        Figure("latency-plain", "Glass to glass in Chromium, plain HLS", latency.plain),
        Figure("cpu", "CPU of ingest and packaging, passthrough, 2 Mbit/s, no viewer", cpu.run),
        Figure("serve", "Hot segment and live playlist against nginx sendfile, wrk, one worker", serve.run),
        Figure("viewers", "LL-HLS viewers of the source rung", viewers.run),
        Figure("end", "End to replay playable", end.run),
        Figure("replay", "The replay against what was received", replay.run),
        Figure("pages", "Pages and answers of the plan with ten years of it", pages.run),
        Figure("search", "Search over 240 lectures and 20,000 articles, at the server", search.run),
        Figure("speech", "Speed of Whisper by the shape of its models, random weights", speech.run),
        Figure("recognition", "Recognition around the engine: kill -9, memory by length", recognition.run),
        Figure("captions", "Live captions behind the picture, real speech on the air", captions.run),
        Figure("beacons", "Beacons taken a second, SQLite and PostgreSQL, none lost by a kill", beacons.run),
        Figure("audience", "5,000 players that report while a lecture is on the air", audience_load.run),
        Figure("tabs", "Forty real tabs in rounds of eight, the report beside an auditor's count", tabs.run),
        Figure("statistics", "The year page with one, three and ten years behind it", statistics.run),
        Figure("soak", "Memory of the media process over a long live", soak.run),
    )
}
