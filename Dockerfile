# The platform for production: one image for web, worker, beat and the migrate job.
# Built with `docker compose build`; what each process runs is said in docker-compose.yml.

# --- Front end ------------------------------------------------------------------------------
FROM node:22-bookworm-slim AS frontend
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
COPY static/ /app/static/
COPY strategies/schema/ /app/strategies/schema/
RUN npm run build

# --- Python dependencies --------------------------------------------------------------------
FROM python:3.13-slim-bookworm AS dependencies
COPY requirements/base.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt

# --- The running image ----------------------------------------------------------------------
FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 rus && useradd --system --uid 10001 --gid rus --home-dir /app rus
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=rus_platform.settings \
    STATIC_FROM_SOURCE=0 \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/data/media
WORKDIR /app
COPY --from=dependencies /opt/venv /opt/venv
COPY manage.py pyproject.toml ./
COPY rus_platform/ rus_platform/
COPY actors/ actors/
COPY strategies/ strategies/
COPY consultations/ consultations/
COPY templates/ templates/
COPY static/ static/
COPY --from=frontend /app/static/ static/
# Neither command talks to a server: the addresses and the key only satisfy the settings and stay in no layer.
RUN export SECRET_KEY=build DATABASE_URL=postgresql://build@localhost/build REDIS_URL=redis://localhost/0 \
    && python -c "from rus_platform.local.translations import compile_translations; compile_translations()" \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p /data/media /var/lib/rus && chown -R rus:rus /data /var/lib/rus
USER rus
VOLUME ["/data/media"]
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "rus_platform.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--timeout-keep-alive", "75", \
     "--workers", "2", "--ws-max-size", "16384", "--lifespan", "off", "--no-server-header", "--proxy-headers", "--forwarded-allow-ips", "*", \
     "--timeout-graceful-shutdown", "25"]
