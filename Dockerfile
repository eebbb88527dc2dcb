# qiao as a container: docker build -t qiao .
FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin qiao

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/qiao --shell /usr/sbin/nologin qiao \
    && install -d -o qiao -g qiao -m 0700 /var/lib/qiao /var/lib/qiao-simulator
COPY --from=build /source/target/release/qiao /usr/local/bin/qiao
USER qiao
# Certificates, quarantine, caches: `gateway.data-dir` of the configuration that is mounted at /etc/qiao.
VOLUME /var/lib/qiao
ENTRYPOINT ["qiao"]
CMD ["run", "-c", "/etc/qiao/qiao.yaml"]
