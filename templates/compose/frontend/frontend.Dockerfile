# The frontend's build, in the server that it is served by.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM caddy:2
# Vite's build goes to dist.
COPY --from=build /app/dist /srv/www
