//! Cycles among documents that name each other.

/// The strongly connected components of a graph, each after those that it leads to. `edges` holds, for each node, the
/// nodes that it names.
///
/// Tarjan, "Depth-first search and linear graph algorithms" (1972), with a stack of its own, because a chain may be as
/// long as there are documents.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        nodes: vec![Node::default(); edges.len()],
        open: Vec::new(),
        found: 0,
        components: Vec::new(),
    };
    for start in 0..edges.len() {
        search.from(start);
    }
    search.components
}

/// Whether a component is a cycle: several nodes, or one that names itself.
pub(crate) fn is_cycle(edges: &[Vec<usize>], component: &[usize]) -> bool {
    match component {
        [node] => edges.get(*node).is_some_and(|edges| edges.contains(node)),
        _ => true,
    }
}

struct Search<'e> {
    edges: &'e [Vec<usize>],
    nodes: Vec<Node>,
    open: Vec<usize>,
    found: usize,
    components: Vec<Vec<usize>>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// When it was found, from 1 on; 0 before.
    found: usize,
    /// The earliest open node that it leads to.
    low: usize,
    is_open: bool,
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        if self.nodes[start].found > 0 {
            return;
        }
        self.enter(start);
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if let Some(&target) = self.edges[node].get(*next) {
                *next += 1;
                if self.nodes[target].found == 0 {
                    self.enter(target);
                    path.push((target, 0));
                } else if self.nodes[target].is_open {
                    self.nodes[node].low = self.nodes[node].low.min(self.nodes[target].found);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                self.nodes[*parent].low = self.nodes[*parent].low.min(self.nodes[node].low);
            }
            if self.nodes[node].low == self.nodes[node].found {
                self.close(node);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.found += 1;
        self.nodes[node] = Node { found: self.found, low: self.found, is_open: true };
        self.open.push(node);
    }

    /// Everything that was opened since `root`, and `root`, is one component.
    fn close(&mut self, root: usize) {
        let start = self.open.iter().rposition(|node| *node == root).unwrap_or_default();
        let component = self.open.split_off(start);
        for node in &component {
            self.nodes[*node].is_open = false;
        }
        self.components.push(component);
    }
}
