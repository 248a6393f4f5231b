# One image for every process: `web` (default), `migrate`, `manage ...`; see entrypoint.sh.
FROM python:3.12-slim AS wheels
WORKDIR /wheels
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --requirement requirements.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /srv/qstorm --shell /usr/sbin/nologin qstorm
WORKDIR /srv/qstorm
ENV VENV=/opt/venv \
    PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BIND_ADDRESS=0.0.0.0 \
    PORT=8000 \
    DATABASE_URL=sqlite:////var/lib/qstorm/db.sqlite3 \
    MEDIA_ROOT=/var/lib/qstorm/media
COPY --from=wheels /opt/venv /opt/venv
COPY . .
# The static files belong to the image; the key that Django asks for while collecting them is thrown away.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    ./entrypoint.sh manage prepare --only static \
    && python -m compileall -q . \
    && install -d -o qstorm -g qstorm /var/lib/qstorm
USER qstorm
VOLUME /var/lib/qstorm
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s \
    CMD ["python", "-m", "config.healthy"]
ENTRYPOINT ["./entrypoint.sh"]
CMD ["web"]
