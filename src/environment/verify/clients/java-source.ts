/**
 * HttpsURLConnection with a CookieManager: the smallest of Java's clients, and the rules of all of them. Java reads no
 * environment variable for its trust or its proxy, so both are settings of the program here, as in anybody's own.
 * Compiled for Java 11 and later.
 */
export const JAVA_CLASS = 'JwtDevLogin';

export const JAVA_SOURCE = `
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

public class ${JAVA_CLASS} {
  /** Lines of the input: base, origin, CA file or nothing, proxy or nothing, login, then "METHOD path status[,status]". */
  public static void main(String[] arguments) throws Exception {
    System.out.println("{\\"version\\":" + quote(System.getProperty("java.version")) + "}");
    System.setProperty("sun.net.http.allowRestrictedHeaders", "true");
    String[] given = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\\n");
    CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ORIGINAL_SERVER);
    CookieHandler.setDefault(cookies);
    for (int index = 5; index < given.length; index++) {
      String[] step = given[index].split(" ");
      long began = System.nanoTime();
      try {
        SSLSocketFactory trust = given[2].isEmpty() ? null : trusting(Path.of(given[2]));
        HttpsURLConnection connection = open(given[0] + step[1], given[3]);
        if (trust != null) connection.setSSLSocketFactory(trust);
        connection.setConnectTimeout(20000);
        connection.setReadTimeout(20000);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod(step[0]);
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty("Origin", given[1]);
        if (!step[0].equals("GET")) {
          for (HttpCookie cookie : cookies.getCookieStore().getCookies()) {
            if (cookie.getName().equals("csrftoken")) {
              connection.setRequestProperty("X-CSRFToken", cookie.getValue());
              connection.setRequestProperty("Referer", given[1] + "/");
            }
          }
          connection.setRequestProperty("Content-Type", "application/json");
          connection.setDoOutput(true);
          try (OutputStream body = connection.getOutputStream()) {
            body.write((index == 5 ? given[4] : "{}").getBytes(StandardCharsets.UTF_8));
          }
        }
        int status = connection.getResponseCode();
        String text = read(status < 400 ? connection.getInputStream() : connection.getErrorStream());
        boolean good = ("," + step[2] + ",").contains("," + status + ",");
        String more = good ? "" : ",\\"body\\":" + quote(text.substring(0, Math.min(300, text.length())));
        System.out.println("{\\"status\\":" + status + ",\\"ms\\":" + since(began) + more + "}");
        if (!good) return;
      } catch (Exception error) {
        System.out.println("{\\"error\\":" + quote(words(error)) + ",\\"ms\\":" + since(began) + "}");
        return;
      }
    }
  }

  static SSLSocketFactory known;

  static SSLSocketFactory trusting(Path file) throws Exception {
    if (known != null) return known;
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    InputStream pem = new ByteArrayInputStream(Files.readAllBytes(file));
    for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
      store.setCertificateEntry("ca" + count++, one);
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    known = context.getSocketFactory();
    return known;
  }

  static HttpsURLConnection open(String url, String proxy) throws Exception {
    URI by = proxy.isEmpty() ? null : URI.create(proxy);
    Proxy way = by == null ? null : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(by.getHost(), by.getPort()));
    return (HttpsURLConnection) (way == null ? URI.create(url).toURL().openConnection() : URI.create(url).toURL().openConnection(way));
  }

  static String read(InputStream stream) throws Exception {
    if (stream == null) return "";
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static long since(long began) {
    return (System.nanoTime() - began) / 1000000;
  }

  static String words(Throwable error) {
    StringBuilder all = new StringBuilder();
    for (Throwable one = error; one != null; one = one.getCause()) {
      String text = one.toString();
      if (all.indexOf(text) < 0) all.append(all.length() == 0 ? "" : "; Caused by: ").append(text);
    }
    return all.toString();
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\\"");
    for (char one : text.toCharArray()) {
      if (one == '"' || one == '\\\\') quoted.append('\\\\').append(one);
      else if (one < 0x20 || one > 0x7e) quoted.append(String.format("\\\\u%04x", (int) one));
      else quoted.append(one);
    }
    return quoted.append('"').toString();
  }
}
`;
