# The backend in backend/, with its requirements and gunicorn.
FROM python:3.13-slim AS packages
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY backend/config/cookie_auth_requirements.txt backend/requirements*.txt /requirements/
RUN for file in /requirements/*.txt; do pip install --no-cache-dir --requirement "$file" || exit 1; done
RUN pip install --no-cache-dir "gunicorn>=23,<27"

FROM python:3.13-slim
WORKDIR /app
# The database goes to a volume. A new one takes over the owner of this directory.
RUN useradd --system --user-group --home-dir /data app && install -d -o app -g app -m 700 /data
COPY --from=packages /venv /venv
COPY backend .
USER app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATABASE_FILE=/data/db.sqlite3
EXPOSE 8000
# Whoever is not logged in gets 401 here: then Django, its settings and its database are there.
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s \
  CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/auth/user/', headers={'Host': os.environ['API_HOST'], 'X-Forwarded-Proto': 'https'}); raise SystemExit(c.getresponse().status != 401)"]
CMD ["sh", "-c", "python manage.py migrate --noinput && exec gunicorn --bind 0.0.0.0:8000 --workers 2 --threads 4 --worker-tmp-dir /dev/shm config.wsgi"]
