# syntax=docker/dockerfile:1
# docker build -t togglebit . && docker run -p 3000:3000 -v togglebit:/data togglebit

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
# The tools first: they change seldom and take minutes, so they get layers that a change of the sources keeps.
COPY Cargo.toml rust-toolchain.toml package.json package-lock.json ./
COPY scripts scripts
RUN scripts/setup
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin togglebit \
    && install -d -o togglebit -g togglebit -m 0700 /data
WORKDIR /app
COPY --from=build /src/target/release/togglebit /usr/local/bin/togglebit
COPY --from=build /src/target/site-release site
# The demo signs in anyone who presses a button: off unless asked for.
ENV TOGGLEBIT_ADDR=0.0.0.0:3000 \
    TOGGLEBIT_DATA_DIR=/data \
    TOGGLEBIT_DEMO=false \
    LEPTOS_SITE_ROOT=/app/site
USER togglebit
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["togglebit", "healthcheck"]
ENTRYPOINT ["togglebit"]
