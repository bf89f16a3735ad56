# One image for web, workers and beat; compose.yaml says which command each runs.
FROM node:24-slim AS canvas
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci
COPY frontend .
RUN npm run build

FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.txt .
RUN python -m pip install --no-cache-dir -r requirements.txt
COPY . .
COPY --from=canvas /app/campaigns/static/canvas campaigns/static/canvas
RUN python -m config.messages && useradd --system --home-dir /app tutti && chown -R tutti /app
USER tutti
EXPOSE 8000
