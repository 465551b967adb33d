"""The same work in FastAPI, asyncpg and uvicorn: a token, a permission, a business's transaction, the same SQL and JSON.

Started by `script/bench peers`, which sets DATABASE (the runtime role's address, as `host=… user=…`), JWKS (the host's keys) and STATEMENTS
(JSON: the host's own statements by name). It has what the host has: verified tokens are kept, statements are prepared
once per connection, and PostgreSQL's JSON goes through as text. It does less in places: no tier, no limits, no problem
documents, and a body is checked by one model rather than against a manifest.
"""

import json
import os
import shlex
import uuid

import asyncpg
import jwt
from contextlib import asynccontextmanager
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel, Field

STATEMENTS = json.loads(os.environ["STATEMENTS"])
KEYS = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(json.loads(os.environ["JWKS"])).keys}
CONNECTIONS = int(os.environ.get("CONNECTIONS", "8"))
TOKENS_MAX = 10_000
PERMISSIONS = {"hs.customer.read", "hs.customer.create"}
SET_BUSINESS = "select set_config('thorbis.business_id', $1, true)"

tokens: dict[str, dict] = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    parts = dict(part.split("=", 1) for part in shlex.split(os.environ["DATABASE"]))
    parts["database"] = parts.pop("dbname")
    async with asyncpg.create_pool(**parts, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


def claims(authorization: str = Header()) -> dict:
    scheme, _, token = authorization.partition(" ")
    if scheme != "Bearer":
        raise HTTPException(401)
    known = tokens.get(token)
    if known is None:
        try:
            key = KEYS[jwt.get_unverified_header(token)["kid"]]
            known = jwt.decode(token, key, algorithms=["EdDSA"], audience="thorbis-api", issuer="https://thorbis.dev")
        except (KeyError, jwt.InvalidTokenError) as error:
            raise HTTPException(401) from error
        if len(tokens) < TOKENS_MAX:
            tokens[token] = known
    return known


def allowed(permission: str):
    def check(claims: dict = Depends(claims)) -> dict:
        if permission not in PERMISSIONS:
            raise HTTPException(403)
        return claims

    return check


class Customer(BaseModel):
    display_name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254, pattern="^[^@]+@[^@]+$")


@app.get("/customers/{record}")
async def read(request: Request, record: uuid.UUID, claims: dict = Depends(allowed("hs.customer.read"))):
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(SET_BUSINESS, claims["bid"])
        row = await connection.fetchrow(STATEMENTS["read"], record)
    if row is None:
        raise HTTPException(404)
    return Response(row[1], media_type="application/json", headers={"ETag": f'"{row[0]}"'})


@app.get("/customers")
async def page(request: Request, limit: int = 20, claims: dict = Depends(allowed("hs.customer.read"))):
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(SET_BUSINESS, claims["bid"])
        rows = await connection.fetch(STATEMENTS["list"], limit + 1)
    data = ",".join(row[0] for row in rows[:limit])
    return Response(f'{{"data":[{data}],"page":{{"next":null}}}}', media_type="application/json")


@app.post("/customers", status_code=201)
async def create(request: Request, customer: Customer, claims: dict = Depends(allowed("hs.customer.create"))):
    user = uuid.UUID(claims["sub"])
    values = {
        "kind": "person", "roles": ["customer"], "tax_exempt": False, "payment_terms_days": 0, "do_not_service": False,
        "custom": {}, "display_name": customer.display_name, "email": customer.email,
    }
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(SET_BUSINESS, claims["bid"])
        row = await connection.fetchrow(
            STATEMENTS["create"], uuid.uuid4(), user, "user", uuid.uuid4(), uuid.uuid4(), json.dumps(values))
    return Response(row[-1], 201, media_type="application/json")
