FROM debian:bookworm-slim AS build

RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*

RUN python3 -m venv /opt/gwsim
COPY requirements.lock /src/
RUN /opt/gwsim/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
      -r /src/requirements.lock

COPY pyproject.toml README.md LICENSE /src/
COPY scenarios /src/scenarios
COPY gwsim /src/gwsim
RUN /opt/gwsim/bin/pip install --no-cache-dir --no-deps --no-build-isolation /src \
 && /opt/gwsim/bin/pip uninstall --yes --quiet setuptools pip


FROM debian:bookworm-slim

# Python for gwsim; the rest is what people reach for at the hosts and on the lines between them.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      python3 iproute2 iputils-ping tcpdump traceroute curl iperf3 procps \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /home/gwsim --shell /bin/bash gwsim

COPY --from=build /opt/gwsim /opt/gwsim
COPY scenarios /scenarios

# Nodes of a lab share what is mounted here: their doors, logs and clock.
ENV PATH=/opt/gwsim/bin:$PATH PYTHONUNBUFFERED=1 XDG_RUNTIME_DIR=/run/lab
LABEL org.opencontainers.image.title="gwsim" \
      org.opencontainers.image.licenses="Apache-2.0"

# Whoever only runs scenarios in process needs no rights; a lab's nodes run as root with few.
USER gwsim
WORKDIR /
ENTRYPOINT ["gwsim"]
CMD ["--help"]
