# The backend in server/.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:24-slim
WORKDIR /app
# Users and the signing key go to a volume. A new one takes over the owner of this directory.
RUN install -d -o node -g node -m 700 /data
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY server server
USER node
ENV NODE_ENV=production PORT=8000 LISTEN_HOST=0.0.0.0 DATA_DIR=/data
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/.well-known/jwks.json`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.mjs"]
