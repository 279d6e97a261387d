FROM python:3.12-slim

RUN useradd --system --create-home --uid 10001 eventbooker
WORKDIR /app

# Dependencies first: they change seldom, and their layer is kept.
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project --no-cache

COPY . .
RUN uv sync --frozen --no-dev --no-cache
ENV PATH="/app/.venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2

USER eventbooker
EXPOSE 8080
CMD ["eventbooker", "serve"]
