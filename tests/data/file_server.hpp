#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace parsimony::data {

/// An HTTP server on this machine that answers every GET with one file.
class FileServer {
 public:
  struct Behaviour {
    bool ranges = true;           ///< answers Range with 206
    std::size_t break_after = 0;  ///< [B] of a body, then the connection ends; 0: never
    int status = 200;
  };

  explicit FileServer(std::string content, Behaviour behaviour)
      : content_(std::move(content)), behaviour_(behaviour) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  explicit FileServer(std::string content) : FileServer(std::move(content), Behaviour{}) {}
  ~FileServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/file.bin"; }
  /// [requests] the first byte that each asked for.
  std::vector<std::size_t> starts() const {
    const std::lock_guard lock(mutex_);
    return starts_;
  }

 private:
  void serve() {
    for (int client; (client = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(client)) answer(client);
  }

  void answer(int client) {
    std::string request;
    char part[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t size = ::recv(client, part, sizeof part, 0);
      if (size <= 0) return;
      request.append(part, static_cast<std::size_t>(size));
    }
    const std::size_t range = request.find("Range: bytes=");
    const std::size_t asked =
        range == std::string::npos ? 0 : std::strtoul(request.c_str() + range + 13, nullptr, 10);
    {
      const std::lock_guard lock(mutex_);
      starts_.push_back(asked);
    }
    const std::size_t start = behaviour_.ranges ? asked : 0;
    if (behaviour_.status != 200) return send(client, head(behaviour_.status, 0));
    if (start >= content_.size()) return send(client, head(416, 0));
    std::string body = content_.substr(start);
    std::string reply = head(start > 0 ? 206 : 200, body.size());
    if (start > 0)
      reply.insert(reply.size() - 2, "Content-Range: bytes " + std::to_string(start) + "-" +
                                         std::to_string(content_.size() - 1) + "/" +
                                         std::to_string(content_.size()) + "\r\n");
    if (behaviour_.break_after > 0) body.resize(std::min(body.size(), behaviour_.break_after));
    send(client, reply + body);
  }

  static std::string head(int status, std::size_t size) {
    return "HTTP/1.1 " + std::to_string(status) +
           " X\r\nConnection: close\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  }

  static void send(int client, const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t size = ::send(client, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (size <= 0) return;
      sent += static_cast<std::size_t>(size);
    }
  }

  std::string content_;
  Behaviour behaviour_;
  int listener_ = -1, port_ = 0;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::vector<std::size_t> starts_;
};

}  // namespace parsimony::data
