/** The standard library alone: urllib, http.cookiejar and ssl, with the strict rules that are the default since 3.13. */
export const PYTHON_SCRIPT = `
import http.cookiejar, json, platform, ssl, sys, time, urllib.error, urllib.request

def say(**line):
    print(json.dumps(line), flush=True)

say(version=platform.python_version())
given = json.load(sys.stdin)
context = ssl.create_default_context()
context.verify_flags |= ssl.VERIFY_X509_STRICT
jar = http.cookiejar.CookieJar()
opener = urllib.request.build_opener(
    urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(jar)
)
for index, step in enumerate(given["steps"]):
    began = time.monotonic()
    headers = {"Accept": "application/json", "Origin": given["origin"]}
    body = None
    if step["method"] != "GET":
        body = (given["login"] if index == 0 else "{}").encode()
        headers["Content-Type"] = "application/json"
        for cookie in jar:
            if cookie.name == "csrftoken":
                headers["X-CSRFToken"] = cookie.value
                headers["Referer"] = given["origin"] + "/"
    request = urllib.request.Request(given["base"] + step["path"], data=body, headers=headers, method=step["method"])
    try:
        with opener.open(request, timeout=20) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        status, text = answer.code, answer.read()
    except Exception as error:
        say(error=f"{type(error).__module__}.{type(error).__name__}: {error}", ms=round((time.monotonic() - began) * 1000))
        break
    ms = round((time.monotonic() - began) * 1000)
    if status in step["good"]:
        say(status=status, ms=ms)
    else:
        say(status=status, ms=ms, body=text[:300].decode("utf-8", "replace"))
        break
`;
