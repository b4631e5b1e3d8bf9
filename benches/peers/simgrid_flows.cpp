// Runs the flows of a workload on SimGrid's network model and tells when each ends.
//
//     simgrid_flows FOLDER NAME [--cfg=KEY:VALUE…]
//
// Reads FOLDER/NAME.links.csv and FOLDER/NAME.flows.csv, writes FOLDER/NAME.simgrid.csv with the
// columns id and finished_s, and prints the seconds of CPU time of the simulation alone: without
// reading, building the platform, and writing.
//
// What runs is SimGrid's kernel and nothing above it: the network model takes the flows
// (NetworkModel::communicate) and EngineImpl::solve goes from event to event, as Engine::run does,
// without actors, mailboxes, and activities. This is the least that SimGrid can do for a flow, and
// it bears a rate for each flow, which Comm::sendto_init of 4.1 accepts and leaves aside.

#include <simgrid/s4u.hpp>

#include "src/kernel/EngineImpl.hpp"
#include "src/kernel/resource/NetworkModel.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace sg4 = simgrid::s4u;
using simgrid::kernel::EngineImpl;
using simgrid::kernel::activity::ActivityImpl;

namespace {

// Plain max-min sharing of the links, as README.md explains.
char options[][64] = {"--log=root.thres:warning",     "--cfg=network/model:CM02",
                      "--cfg=network/TCP-gamma:0",    "--cfg=network/crosstraffic:0",
                      "--cfg=network/optim:Full",     "--cfg=precision/work-amount:1e-9",
                      "--cfg=debug/clean-atexit:off"};

struct Flow {
  double arrives;    // s from the start
  double bytes;
  double rate;       // most that it may carry, B/s; -1 for none
  double ended = -1; // s from the start
  const std::vector<std::string>* path;
  sg4::Host* from = nullptr;
  sg4::Host* to   = nullptr;
};

[[noreturn]] void stop(const std::string& message)
{
  std::fprintf(stderr, "simgrid_flows: %s\n", message.c_str());
  std::exit(3);
}

std::vector<std::string> cut(const std::string& text, char at)
{
  std::vector<std::string> parts(1);
  for (char c : text)
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

// The rows of a table of so many columns, without its header.
std::vector<std::vector<std::string>> rows(const std::string& file, size_t n_columns)
{
  std::ifstream in(file);
  if (not in)
    stop("cannot read " + file);
  std::vector<std::vector<std::string>> found;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    found.push_back(cut(line, ','));
    if (found.back().size() != n_columns)
      stop(file + ": a line has not " + std::to_string(n_columns) + " columns: " + line);
  }
  return found;
}

// Links, a host at the beginning and one at the end of each path, and the route between them.
class Platform {
  sg4::NetZone* zone_;
  std::map<std::string, sg4::Link*> links_;
  std::map<std::string, sg4::Host*> hosts_;
  std::map<std::pair<sg4::Host*, sg4::Host*>, const std::vector<std::string>*> routes_;

  sg4::Host* host(const std::string& name)
  {
    auto& host = hosts_[name];
    if (host == nullptr)
      host = zone_->add_host(name, 1e9);
    return host;
  }

public:
  Platform(sg4::NetZone* zone, const std::string& file) : zone_(zone)
  {
    for (const auto& row : rows(file, 2))
      links_[row[0]] = zone->add_link(row[0], std::stod(row[1]))
                           ->set_latency(0)
                           ->set_sharing_policy(sg4::Link::SharingPolicy::SHARED);
  }

  void connect(Flow& flow)
  {
    flow.from         = host("before " + flow.path->front());
    flow.to           = host("after " + flow.path->back());
    auto [at, is_new] = routes_.try_emplace({flow.from, flow.to}, flow.path);
    if (*at->second != *flow.path)
      stop("two paths begin and end with the same links");
    if (not is_new)
      return;
    std::vector<sg4::LinkInRoute> route;
    for (const auto& name : *flow.path)
      route.emplace_back(links_.at(name));
    zone_->add_route(flow.from, flow.to, route, false);
  }
};

// Which flow an action is. SimGrid keeps a pointer for whoever started the action and asks nothing
// of it until the action ends; what comes back is taken here, not by Engine::run.
ActivityImpl* as_mark(Flow* flow) { return reinterpret_cast<ActivityImpl*>(flow); }
Flow* as_flow(ActivityImpl* mark) { return reinterpret_cast<Flow*>(mark); }

// Flows enter in the order of the file, which is that of their arrivals.
void simulate(EngineImpl* engine, std::vector<Flow>& flows)
{
  auto* model     = engine->get_netzone_root()->get_network_model().get();
  size_t n_begun  = 0;
  size_t n_ended  = 0;
  while (n_ended < flows.size()) {
    double next = n_begun < flows.size() ? flows[n_begun].arrives : -1;
    if (engine->solve(next) < 0)
      stop("nothing happens any more, and flows are still there");
    while (auto* action = model->extract_done_action()) {
      as_flow(action->get_activity())->ended = action->get_finish_time();
      action->set_activity(nullptr);
      action->unref();
      n_ended++;
    }
    for (; n_begun < flows.size() && flows[n_begun].arrives <= EngineImpl::get_clock(); n_begun++) {
      Flow& flow   = flows[n_begun];
      auto* action = model->communicate(flow.from, flow.to, flow.bytes, flow.rate, false);
      action->set_activity(as_mark(&flow));
    }
  }
}

double on_processor_s()
{
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

} // namespace

int main(int argc, char* argv[])
{
  std::vector<char*> words(argv, argv + argc);
  words.insert(words.begin() + 1, std::begin(options), std::end(options)); // those of argv come later
  int n_words = static_cast<int>(words.size());
  words.push_back(nullptr);
  sg4::Engine engine(&n_words, words.data()); // takes the options away
  if (n_words != 3) {
    std::fprintf(stderr, "usage: simgrid_flows FOLDER NAME [--cfg=KEY:VALUE...]\n");
    return 2;
  }
  const std::string base = std::string(words[1]) + "/" + words[2];

  Platform platform(engine.get_netzone_root(), base + ".links.csv");
  std::map<std::string, std::vector<std::string>> paths;
  std::vector<Flow> flows;
  for (const auto& row : rows(base + ".flows.csv", 5)) {
    Flow flow;
    flow.arrives = std::stod(row[1]);
    flow.bytes   = std::stod(row[2]);
    flow.rate    = row[4].empty() ? -1 : std::stod(row[4]);
    flow.path    = &paths.try_emplace(row[3], cut(row[3], ';')).first->second;
    if (not flows.empty() && flow.arrives < flows.back().arrives)
      stop("flow " + row[0] + " is not in the order of arrivals");
    platform.connect(flow);
    flows.push_back(flow);
  }
  auto* kernel = EngineImpl::get_instance();
  kernel->seal_platform();

  const double begin_s = on_processor_s();
  simulate(kernel, flows);
  const double took_s = on_processor_s() - begin_s;

  std::FILE* out = std::fopen((base + ".simgrid.csv").c_str(), "w");
  if (out == nullptr)
    stop("cannot write " + base + ".simgrid.csv");
  std::fprintf(out, "id,finished_s\n");
  for (size_t i = 0; i < flows.size(); i++)
    std::fprintf(out, "%zu,%.17g\n", i, flows[i].ended);
  if (std::fclose(out) != 0)
    stop("cannot write " + base + ".simgrid.csv");
  std::printf("%.6f\n", took_s);
  return 0;
}
